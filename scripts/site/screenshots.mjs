/**
 * Takes pictures of the site in dist/site as phones and desktops show it, light and dark, into dist/screenshots: to look at.
 *
 * Fails where a page is wider than the screen, and where the search does not work without a server.
 *
 * Wants Chromium, on Debian the package `chromium`; the environment variable CHROMIUM gives another name.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from '../installation.mjs';

const SITE = join(ROOT, 'dist/site');
const OUTPUT = join(ROOT, 'dist/screenshots');
const PAGES = ['index', 'docs/README', 'docs/choose-a-rotation', 'docs/compare', 'docs/api', 'docs/networks', 'API'];
const DEVICES = {
  phone: { width: 390, height: 1600, deviceScaleFactor: 1, mobile: true },
  desktop: { width: 1280, height: 1600, deviceScaleFactor: 1, mobile: false },
};

/** A browser that is spoken to through its pipes, as its DevTools do. */
class Browser {
  constructor(profile) {
    this.answers = new Map();
    this.listeners = [];
    this.last = 0;
    this.process = spawn(process.env.CHROMIUM ?? 'chromium', [
      '--headless=new', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--remote-debugging-pipe', `--user-data-dir=${profile}`,
    ], { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
    let rest = '';
    this.process.stdio[4].on('data', (chunk) => {
      const messages = (rest + chunk).split('\0');
      rest = messages.pop();
      messages.map((message) => JSON.parse(message)).forEach((message) => this.receive(message));
    });
  }

  receive({ id, result, error, method, params }) {
    if (id === undefined) {
      this.listeners.filter((listener) => listener.method === method).forEach((listener) => listener.resolve(params));
      this.listeners = this.listeners.filter((listener) => listener.method !== method);
      return;
    }
    const { resolve, reject } = this.answers.get(id);
    this.answers.delete(id);
    if (error) reject(new Error(error.message));
    else resolve(result);
  }

  async send(method, params = {}, sessionId = undefined) {
    this.last += 1;
    this.process.stdio[3].write(`${JSON.stringify({ id: this.last, method, params, sessionId })}\0`);
    return new Promise((resolve, reject) => this.answers.set(this.last, { resolve, reject }));
  }

  async event(method) {
    return new Promise((resolve) => this.listeners.push({ method, resolve }));
  }
}

if (!existsSync(join(SITE, 'index.html'))) {
  throw new Error('there is no site to look at: npm run docs makes it');
}
const profile = mkdtempSync(join(tmpdir(), 'chromium-'));
const browser = new Browser(profile);
const exited = new Promise((resolve, reject) => {
  browser.process.on('error', () => reject(new Error('Chromium was not found: on Debian the package is chromium')));
  browser.process.on('exit', resolve);
});
try {
  const { targetId } = await Promise.race([browser.send('Target.createTarget', { url: 'about:blank' }), exited]);
  const { sessionId } = await browser.send('Target.attachToTarget', { targetId, flatten: true });
  const page = (method, params) => browser.send(method, params, sessionId);
  await page('Page.enable');
  const evaluate = async (expression) => (await page('Runtime.evaluate', { expression, awaitPromise: true })).result.value;
  const open = async (name) => {
    const loaded = browser.event('Page.loadEventFired');
    await page('Page.navigate', { url: pathToFileURL(SITE).href + `/${name}` });
    await loaded;
  };
  await open('search.html?q=endpoint');
  const found = await evaluate(`new Promise((resolve) => {
    const look = (left) => {
      const count = document.querySelectorAll('#search-results li').length;
      if (count > 0 || left === 0) resolve(count); else setTimeout(look, 200, left - 1);
    };
    look(50);
  })`);
  console.log(`the search, from a file: ${found} pages have an endpoint`);
  if (found === 0) process.exitCode = 1;
  mkdirSync(OUTPUT, { recursive: true });
  for (const [device, metrics] of Object.entries(DEVICES)) {
    await page('Emulation.setDeviceMetricsOverride', metrics);
    for (const scheme of ['light', 'dark']) {
      await page('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: scheme }] });
      for (const name of PAGES) {
        await open(`${name}.html`);
        const { data } = await page('Page.captureScreenshot', { format: 'png' });
        const width = await evaluate('document.documentElement.scrollWidth');
        if (width > metrics.width) {
          console.error(`${name} is ${width} pixels wide on a ${device} of ${metrics.width}`);
          process.exitCode = 1;
        }
        writeFileSync(join(OUTPUT, `${name.replaceAll('/', '-')}-${device}-${scheme}.png`), Buffer.from(data, 'base64'));
      }
    }
  }
} finally {
  browser.process.kill();
  await exited.catch(() => undefined);
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
}
