/** E-mail: renders a message and hands it to an SMTP server. */
import type { Receipt } from '@incident-agent/contracts/notify';
import MailComposer from 'nodemailer/lib/mail-composer';
import { DeliveryError } from '../delivery-error.ts';
import { mailHtml } from '../mail/html.ts';
import { mailText } from '../mail/text.ts';
import { mailView } from '../mail/view.ts';
import type { Channel, Clock, Message } from '../ports.ts';
import { messageId, thread } from './message-id.ts';
import { type SmtpSettings, sendOverSmtp } from './smtp.ts';

export interface EmailSettings {
  readonly sender: { readonly name: string; readonly address: string };
  readonly receivers: readonly string[];
  readonly smtp: SmtpSettings;
}

export function email(settings: EmailSettings, clock: Clock): Channel {
  return {
    name: 'email',
    destination: `${settings.receivers.join(', ')} through ${settings.smtp.host}:${settings.smtp.port}`,
    async send(message, signal) {
      try {
        return await sendOnce(message, signal);
      } catch (error) {
        const isTooLarge = error instanceof DeliveryError && error.code === 'too-large';
        if (!isTooLarge || !message.pdf) throw error;
        // The server refused the size, so nothing arrived: the words matter more than the attachment.
        return await sendOnce({ ...message, pdf: { ...message.pdf, isTooLarge: true } }, signal);
      }
    },
  };

  async function sendOnce(message: Message, signal: AbortSignal): Promise<Receipt> {
    const id = messageId(message.idempotencyKey, settings.sender.address);
    const view = mailView(message, clock.now());
    const references = thread(message.earlier);
    const pdf = message.pdf?.isTooLarge ? undefined : message.pdf;
    const mail = new MailComposer({
      from: settings.sender,
      to: [...settings.receivers],
      subject: view.subject,
      messageId: id,
      text: mailText(view),
      html: mailHtml(view),
      // Automatic answers (out of office) must not come back to the sender's mailbox.
      headers: {
        'Auto-Submitted': 'auto-generated',
        'X-Auto-Response-Suppress': 'All',
        ...(view.tone === 'critical' && { Importance: 'High', 'X-Priority': '1 (Highest)' }),
      },
      ...(references.length > 0 && { inReplyTo: references.at(-1), references }),
      attachments: pdf
        ? [{ filename: pdf.name, content: Buffer.from(pdf.content), contentType: 'application/pdf' }]
        : [],
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    const content = await mail.compile().build();
    const envelope = { from: settings.sender.address, to: settings.receivers };
    const accepted = await sendOverSmtp(settings.smtp, envelope, content, signal);
    return {
      channel: 'email',
      idempotency_key: message.idempotencyKey,
      sent_at: clock.now(),
      message_id: id,
      subject: view.subject,
      references,
      pdf_attached: pdf !== undefined,
      ...(accepted.refused.length > 0 && { refused: [...accepted.refused] }),
    };
  }
}
