import { alertmanagerFunctions, Template, TemplateError } from '@opsroom/templates';
import type { Message } from '../delivery/message.js';
import { DeliveryError } from '../notifiers/notifier.js';
import { DEFAULT_TEMPLATES } from './default-templates.js';
import { templateData } from './template-data.js';

/** Renders texts of the configuration (`text`, `title`, `headers`) over a message. */
export class Renderer {
  private readonly library: readonly Template[];
  private readonly parsed = new Map<string, Template>();

  /**
   * @param sources template files of the configuration, name and text, after the default ones.
   * @throws TemplateError with the file's name, line and column
   */
  constructor(
    sources: readonly { readonly name: string; readonly text: string }[],
    private readonly nowMs: () => number,
  ) {
    const functions = alertmanagerFunctions({ nowMs: nowMs() });
    this.library = [{ name: 'default', text: DEFAULT_TEMPLATES }, ...sources].map(({ name, text }) =>
      Template.parse(name, text, functions),
    );
  }

  /** The template's text over the message. A template that fails cannot get better by another attempt: throws `DeliveryError`. */
  render(text: string, message: Message): string {
    if (!text.includes('{{')) return text;
    const functions = alertmanagerFunctions({ nowMs: this.nowMs() });
    try {
      let template = this.parsed.get(text);
      if (!template) {
        template = Template.parse('inline', text, functions, [], this.library);
        this.parsed.set(text, template);
      }
      return template.run(templateData(message), functions);
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      throw new DeliveryError(`template of receiver ${message.receiver}: ${error.message}`, false, { cause: error });
    }
  }
}
