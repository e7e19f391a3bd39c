import { createTransport, type Transporter } from 'nodemailer';
import type { EmailConfig } from '../../config/config.js';
import type { Message } from '../delivery/message.js';
import type { Renderer } from '../templates/renderer.js';
import { DeliveryError, type Notifier } from './notifier.js';
import { tlsOptions } from './tls-options.js';

const TIMEOUT_MS = 20_000;
const DEFAULT_SUBJECT = '{{ template "email.default.subject" . }}';
const DEFAULT_TEXT = '{{ template "email.default.text" . }}';

/** E-mail over SMTP. Port 465 speaks TLS from the start unless told otherwise; elsewhere STARTTLS, required unless told otherwise. */
export function emailNotifier(receiver: string, index: number, config: EmailConfig, renderer: Renderer): Notifier {
  const transport = transportOf(config);
  return {
    id: `${receiver}/email/${index}`,
    receiver,
    sendResolved: config.sendResolved,
    async send(message, deliveryId) {
      const mail = compose(config, message, renderer, deliveryId);
      try {
        await transport.sendMail(mail);
      } catch (error) {
        throw new DeliveryError(`${config.smarthost}: ${reason(error)}`, !isRefusal(error), { cause: error });
      }
    },
  };
}

function transportOf(config: EmailConfig): Transporter {
  const colon = config.smarthost.lastIndexOf(':');
  const port = Number(config.smarthost.slice(colon + 1));
  const secure = config.implicitTls ?? port === 465;
  return createTransport({
    host: config.smarthost.slice(0, colon).replace(/^\[|\]$/g, ''),
    port,
    secure,
    requireTLS: config.requireTls,
    ignoreTLS: !config.requireTls && !secure,
    ...(config.tls && { tls: tlsOptions(config.tls) }),
    name: config.hello,
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    ...(config.authUsername
      ? {
          auth: { user: config.authUsername, pass: config.authSecret ?? config.authPassword },
          ...(config.authSecret === undefined ? {} : { authMethod: 'CRAM-MD5' }),
        }
      : {}),
  });
}

function compose(config: EmailConfig, message: Message, renderer: Renderer, deliveryId: string): object {
  const headers = Object.fromEntries(
    Object.entries(config.headers).map(([name, text]) => [name.toLowerCase(), renderer.render(text, message)]),
  );
  const { subject, to, from, ...others } = headers;
  const host = config.hello || 'opsroom';
  return {
    from: from ?? renderer.render(config.from, message),
    to: to ?? renderer.render(config.to, message),
    subject: subject ?? renderer.render(DEFAULT_SUBJECT, message),
    text: renderer.render(config.text || DEFAULT_TEXT, message),
    ...(config.html ? { html: renderer.render(config.html, message) } : {}),
    headers: others,
    // The same message sent again after a lost answer carries the same id, so that a mail store shows it once.
    messageId: `<${deliveryId}@${host}>`,
  };
}

/** SMTP's 5xx answers are final, but for those about authentication, which a change of the account may mend. */
function isRefusal(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'responseCode' in error ? Number(error.responseCode) : 0;
  return code >= 500 && code !== 535 && code !== 530;
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
