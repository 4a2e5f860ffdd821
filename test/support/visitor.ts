import type { Browser, Page } from 'playwright-core';

export type Seen = { readonly status: number; readonly html: string };

/** Chromium says so of every answer above 399, one of ours among them. */
const ABOUT_A_STATUS = /^Failed to load resource: the server responded with a status of \d+/;

/** Somebody at a browser of their own, and whatever it complains of. */
export class Visitor {
  /** What is in the console, and requests that go elsewhere. */
  readonly complaints: string[] = [];

  private constructor(private readonly page: Page) {}

  /** Nothing may be asked for but of `origin`. */
  static async at(origin: string, browser: Browser, javaScriptEnabled: boolean): Promise<Visitor> {
    const page = await browser.newPage({ javaScriptEnabled });
    const visitor = new Visitor(page);
    page.on('console', (message) => {
      const isGrave = ['error', 'warning'].includes(message.type());
      if (isGrave && !ABOUT_A_STATUS.test(message.text())) visitor.complaints.push(message.text());
    });
    page.on('request', (request) => {
      if (new URL(request.url()).origin !== origin) visitor.complaints.push(`elsewhere: ${request.url()}`);
    });
    return visitor;
  }

  /** Follows a link, and waits until all of the page is there. */
  async open(link: string): Promise<Seen> {
    const answer = await this.page.goto(link);
    return { status: answer?.status() ?? 0, html: (await answer?.text()) ?? '' };
  }

  /** Fills in fields, by their names, and presses the one button. */
  async send(fields: Readonly<Record<string, string>> = {}): Promise<Seen> {
    for (const [name, value] of Object.entries(fields)) await this.page.locator(`[name="${name}"]`).fill(value);
    const [answer] = await Promise.all([
      this.page.waitForResponse((response) => response.request().method() === 'POST'),
      this.page.getByRole('button').click(),
    ]);
    await this.page.waitForLoadState();
    return { status: answer.status(), html: await answer.text() };
  }

  /** How many problems with what was typed the page names, for a screen reader too. */
  problems(): Promise<number> {
    return this.page.getByRole('alert').locator('li').count();
  }

  address(): string {
    return this.page.url();
  }

  close(): Promise<void> {
    return this.page.close();
  }
}
