/** A mail as it was caught: what a person or a test wants to know of it, and the raw message. */
import { type AddressObject, type ParsedMail, simpleParser } from 'mailparser';

interface CaughtAttachment {
  readonly name: string;
  readonly contentType: string;
  readonly content: Uint8Array;
}

export interface CaughtMail {
  /** 1 for the first. */
  readonly number: number;
  /** ISO 8601, when the server had taken all of it. */
  readonly receivedAt: string;
  readonly messageId: string | undefined;
  readonly inReplyTo: string | undefined;
  readonly references: readonly string[];
  readonly from: string;
  /** Who it was handed over for; the To header may say something else. */
  readonly recipients: readonly string[];
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** undefined: plain text only. */
  readonly html: string | undefined;
  readonly attachments: readonly CaughtAttachment[];
  readonly raw: Uint8Array;
}

/** `recipients`: of the envelope. Any bytes are read as some mail. */
export async function readMail(raw: Buffer, recipients: readonly string[]): Promise<Omit<CaughtMail, 'number'>> {
  const mail = await simpleParser(raw, { skipTextToHtml: true });
  return {
    receivedAt: new Date().toISOString(),
    messageId: mail.messageId,
    inReplyTo: mail.inReplyTo,
    references: [mail.references ?? []].flat(),
    from: mail.from?.text ?? '',
    recipients,
    to: addressText(mail.to),
    subject: mail.subject ?? '',
    text: mail.text ?? '',
    html: mail.html === false ? undefined : mail.html,
    attachments: attachmentsOf(mail),
    raw,
  };
}

function addressText(to: AddressObject | AddressObject[] | undefined): string {
  return [to ?? []]
    .flat()
    .map((address) => address.text)
    .join(', ');
}

function attachmentsOf(mail: ParsedMail): CaughtAttachment[] {
  return mail.attachments.map(({ filename, contentType, content }, index) => ({
    name: filename ?? `attachment-${index}`,
    contentType,
    content,
  }));
}
