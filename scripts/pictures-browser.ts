/** Documents → PNGs in headless Chromium, with the content security policy they are served with. */
import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { listen } from '../demo/listen.ts';
import type { Picture } from './pictures-pages.ts';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const HEIGHT_PIXELS = 900;
const POLICY = "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self'";

export interface Shot {
  readonly widths: readonly number[];
  readonly schemes: readonly ('light' | 'dark')[];
  readonly folder: string;
}

export interface ShotResult {
  readonly file: string;
  /** How much wider than the window the content is; 0: nothing is out of sight. */
  readonly overflowPixels: number;
}

export function findChromium(): string | undefined {
  return CHROMIUM.find((path) => existsSync(path));
}

/** One PNG per picture, width and scheme: `{name}-{width}-{scheme}.png`. Nothing but our own loopback server is reached. */
export async function photograph(
  pictures: readonly Picture[],
  css: string,
  executablePath: string,
  { widths, schemes, folder }: Shot,
): Promise<ShotResult[]> {
  const { server, url } = await serveDocuments(pictures, css);
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const results: ShotResult[] = [];
    for (const width of widths) {
      for (const colorScheme of schemes) {
        const view = { width, colorScheme, url, folder };
        results.push(...(await photographView(browser, pictures, view)));
      }
    }
    return results;
  } finally {
    await browser.close();
    server.closeAllConnections();
    server.close();
  }
}

async function photographView(
  browser: Browser,
  pictures: readonly Picture[],
  view: { width: number; colorScheme: 'light' | 'dark'; url: string; folder: string },
): Promise<ShotResult[]> {
  const { width, colorScheme, url, folder } = view;
  const page = await browser.newPage({ viewport: { width, height: HEIGHT_PIXELS }, colorScheme });
  const results: ShotResult[] = [];
  for (const { name } of pictures) {
    await page.goto(`${url}/${name}`);
    const file = join(folder, `${name}-${width}-${colorScheme}.png`);
    await page.screenshot({ path: file, fullPage: true });
    const scrollWidth = Number(await page.evaluate('document.scrollingElement.scrollWidth'));
    results.push({ file, overflowPixels: Math.max(0, scrollWidth - width) });
  }
  await page.close();
  return results;
}

async function serveDocuments(pictures: readonly Picture[], css: string): Promise<{ server: Server; url: string }> {
  const documents = new Map(pictures.map(({ name, html }) => [`/${name}`, html]));
  const server = createServer((request, response) => {
    const html = documents.get(request.url ?? '');
    if (request.url === '/page.css') response.writeHead(200, { 'content-type': 'text/css; charset=utf-8' }).end(css);
    else if (html === undefined) response.writeHead(404).end();
    else {
      const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': POLICY };
      response.writeHead(200, headers).end(html);
    }
  });
  return { server, url: `http://127.0.0.1:${await listen(server)}` };
}
