/** Words of whom a service trusts, and of how it proves who it is. */
import type { WordRule } from './word-rules.ts';

const TRUST =
  /\bca\s*[:=]|ca_?file|ca_?path|ca_?certs?\b|ca_?bundle|authorit|trust_?(?:store|manager|anchor|ed)|key_?store|rejectUnauthorized|\bverify(?:_?(?:ssl|tls|peer|mode|certs?|host\w*))?\s*[:=]|check_?host_?name|server_?(?:host)?name|RootCAs|ClientCAs|InsecureSkipVerify|MinVersion|minVersion|TLSv1|TLS1|VersionTLS|ssl_?context|create_default_context|SSLContext|certifi|\w*(?:ssl|tls)_verify\w*|load_verify_locations|HostnameVerifier|\bcert(?:ificate)?s?\b|CertPool|X509|\.pem\b|\.crt\b|\.p12\b|\.jks\b|\.cer\b|ca-certificates|EXTRA_CA|SSL_CERT|CA_BUNDLE|\bciphers?\b|pinn(?:ed|ing)|fingerprint|ssl_?mode|sslrootcert|\.load\(.*newInputStream/i;
const SIGNS =
  /\bclaims\b|["'](?:aud|iss|sub|kid)["']|digest|hmac|\bmac\b|\bsign(?:ed|ing|ature)\b|b64|base64|\bjwt|Bearer|Basic\b|authorization|[aA]pi[-_]?[kK]ey|x-[\w-]*(?:key|token|auth)|audience|issuer|credential|set(?:Audience|Issuer|Subject)/i;

const KEEPS_SECRET = /(?:api_?key|token_?key|secret|password|private_?key|access_?key|credential)\w*["']?\s*:?=/i;

export const TRUST_WORDS: readonly WordRule[] = [
  { deed: 'trusts-otherwise', value: 1, when: 'edited', is: TRUST, unless: /^\s*(?:import|from)\b/ },
  { deed: 'trusts-otherwise', value: 1, when: 'comes', is: TRUST, unless: /^\s*(?:import|from)\b|\bauthor\b/ },
  { deed: 'trusts-otherwise', value: 1, when: 'goes', is: TRUST, unless: /^\s*(?:import|from)\b|\bauthor\b/ },
  {
    deed: 'authenticates-otherwise',
    value: 1,
    when: 'edited',
    is: SIGNS,
    out: /['"`]|[bB]ase64|[bB]64|hex|sha|md5|UTF_?8|HS\d|RS\d|urlsafe|decode|encode|strip|Std|URLEncoding|Raw/,
  },
  {
    deed: 'authenticates-otherwise',
    value: 1,
    when: 'edited',
    is: SIGNS,
    in: /['"`].*['"`]|[bB]ase64|[bB]64|hex\b|Hex|sha\d|md5|UTF_?(?:8|16)|HS\d|RS\d|urlsafe|strip|Std|URLEncoding|Raw|lower|upper|trim/,
  },
  {
    deed: 'authenticates-otherwise',
    value: 0.95,
    when: 'edited',
    is: /(?:environ|getenv|process\.env|secret|config).*|.*/,
    out: /\w*(?:KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL)\w*/,
    in: /\w*(?:KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL|PASS)\w*/,
  },
  {
    deed: 'authenticates-otherwise',
    value: 0.9,
    when: 'edited',
    is: /(?:setAudience|audience|issuer|setIssuer|setSubject|scope|realm|kid|algorithm|\balg\b)/i,
    // What is only called otherwise here is the same.
    in: /['"`\d]|[A-Z]{2}|\(|\./,
  },
  {
    deed: 'authenticates-otherwise',
    value: 1,
    when: 'goes',
    is: /[aA]uthorization|[aA]pi[-_]?[kK]ey|x-[\w-]*(?:key|token|auth)|\.auth\(|auth\s*=|setBasicAuth|SetBasicAuth|setBearerAuth|withCredentials|credentials:/,
    unless: /log/i,
  },
  {
    deed: 'authenticates-otherwise',
    value: 1,
    when: 'comes',
    is: /\bREVOKE\b|\bALTER (?:USER|ROLE)\b|\bDROP (?:USER|ROLE|POLICY)\b|ROW LEVEL SECURITY|CREATE POLICY/i,
  },
  // What is read as before goes through something more, or something less, before it is used.
  { deed: 'authenticates-otherwise', value: 1, when: 'edited', is: KEEPS_SECRET, out: /^$/, in: /\w ?\(/ },
  { deed: 'authenticates-otherwise', value: 1, when: 'edited', is: KEEPS_SECRET, out: /\w ?\(/, in: /^$/ },
];
