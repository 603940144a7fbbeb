// The element <scan-wise>: ask a 3D scan of a room. Everything it needs lies beside this file, and it asks no other
// place. What it can be told and what it tells: custom-elements.json.

/** The folder of this file, with its slash. */
const BASE = new URL('.', import.meta.url).href;

/** How long before an element scrolls into sight it starts. */
const AHEAD = '200px';

/** What there are words in: beside English, words/LANGUAGE.json. */
const LANGUAGES = ['en', 'de'];

/** What a reader sees or hears of an element beside its text. */
const READ = ['title', 'aria-label', 'placeholder'];

/** What all elements of a document share: the program, what is inside of each, how that looks and what it says. */
let shared = null;
let words = {};
let lock = 'server';

async function text(name) {
  const response = await fetch(new URL(name, BASE));
  if (!response.ok) throw new Error(`${name}: the server answered ${response.status}`);
  // Where the policy comes from: the server, or the page's own service worker.
  lock = response.headers.get('X-Scanwise-Lock') ?? 'server';
  return response.text();
}

/** A module of one function that answers with sixteen zeros: what is SIMD in it is an error to an older browser. */
const SIMD = Uint8Array.of(
  0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 5, 1, 0x60, 0, 1, 0x7b, 3, 2, 1, 0, 10, 8, 1, 6, 0, 0x41, 0, 0xfd, 0x0f, 0x0b,
);

/** What was chosen in the settings; nothing in a browser that keeps nothing. */
function chosenLanguage() {
  try {
    return JSON.parse(localStorage.getItem('scanwise.language'));
  } catch {
    return null;
  }
}

/**
 * The language of a document, which its first element decides: as that is told, as was chosen in the settings, as the
 * text round it, or, where it is told `auto`, as the browser.
 */
function languageOf(element) {
  const told = element.getAttribute('language');
  const around = told === 'auto' ? null : element.closest('[lang]')?.lang;
  const wished = [told, chosenLanguage(), ...(around ? [around] : navigator.languages)];
  const spoken = wished.map((wish) => String(wish).toLowerCase().split('-')[0]);
  return spoken.find((language) => LANGUAGES.includes(language)) ?? LANGUAGES[0];
}

/** What is said in a language; English where its words cannot be had, without a network, say. */
async function spokenIn(language) {
  if (language === LANGUAGES[0]) return null;
  return text(`words/${language}.json`).then(JSON.parse).catch((error) => { console.warn(error); return null; });
}

/** In the language of the document. */
export function said(english) {
  return words[english.trim().replace(/\s+/g, ' ')] ?? english;
}

/** Puts what a tree says into the language of the document. */
function translate(tree) {
  const walker = document.createTreeWalker(tree, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const english = node.data.trim();
    if (english) node.data = node.data.replace(english, () => said(english));
  }
  for (const name of READ) {
    for (const element of tree.querySelectorAll(`[${name}]`)) {
      element.setAttribute(name, said(element.getAttribute(name)));
    }
  }
}

function load(element) {
  shared ??= (async () => {
    const language = languageOf(element);
    const [program, inside, look, spoken] = await Promise.all([
      import('./page.js').then(async (program) => { await program.default(); return program; }),
      text('scanwise.html'),
      text('scanwise.css'),
      spokenIn(language),
    ]);
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(look);
    const template = document.createElement('template');
    template.content.append(...new DOMParser().parseFromString(inside, 'text/html').body.childNodes);
    template.content.querySelector('.all').lang = spoken ? language : LANGUAGES[0];
    if (spoken) {
      words = spoken.page;
      translate(template.content);
      program.Running.learn(spoken);
    }
    return { program, template, sheet };
  })();
  // What could not be had may be there at the next try.
  shared.catch(() => { shared = null; });
  return shared;
}

/** Events of one element, for as long as somebody waits for them. */
class Hearing {
  #element;
  #names;
  #heard = [];
  #wake = () => {};
  #hear = (event) => { this.#heard.push(event); this.#wake(); };

  constructor(element, names) {
    this.#element = element;
    this.#names = names;
    for (const name of names) element.addEventListener(name, this.#hear);
  }

  async next() {
    while (this.#heard.length === 0) await new Promise((wake) => { this.#wake = wake; });
    return this.#heard.shift();
  }

  end() {
    for (const name of this.#names) this.#element.removeEventListener(name, this.#hear);
  }
}

/** A scan, what is in it, and a conversation about it. */
export class ScanWise extends HTMLElement {
  static observedAttributes = ['src', 'room', 'theme', 'backend', 'model'];

  #root = this.attachShadow({ mode: 'open' });
  #running = null;
  #starting = null;
  #sight = null;
  /** Settles when the question before is done with. */
  #before = Promise.resolve();

  connectedCallback() {
    // Moved within the document: all goes on.
    if (this.#starting || this.#sight) return;
    if (this.getAttribute('loading') === 'eager') {
      this.start();
      return;
    }
    this.#sight = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) this.start();
    }, { rootMargin: AHEAD });
    this.#sight.observe(this);
  }

  disconnectedCallback() {
    // Who moves an element takes it out and puts it back in one go.
    queueMicrotask(() => { if (!this.isConnected) this.dispose(); });
  }

  attributeChangedCallback(name, before, now) {
    if (!this.#running || before === now) return;
    if (name === 'src' || name === 'room') this.#openWhatIsAsked();
    else this.#running.choose(name, now ?? '');
  }

  /** Starts it, if it has not started: fetches the program, then shows itself. */
  start() {
    this.#sight?.disconnect();
    this.#sight = null;
    this.#starting ??= this.#start();
    return this.#starting;
  }

  async #start() {
    const mine = {};
    this.#current = mine;
    try {
      if (!globalThis.WebAssembly?.validate(SIMD)) throw new Error('this browser has no WebAssembly with SIMD');
      const { program, template, sheet } = await load(this);
      if (this.#current !== mine) return;
      this.#root.adoptedStyleSheets = [sheet];
      this.#root.replaceChildren(template.content.cloneNode(true));
      this.dataset.lock = lock;
      this.#running = new program.Running(this.#root, this, BASE);
    } catch (error) {
      console.error(error);
      if (this.#current === mine) this.#fail();
      throw error;
    }
    this.#openWhatIsAsked();
  }

  /** The start that counts, where one was overtaken by an end. */
  #current = null;

  #openWhatIsAsked() {
    const src = this.getAttribute('src');
    // What cannot be opened is said in the element itself.
    if (src) this.load(src).catch(() => {});
    else if (this.hasAttribute('room')) this.#running.makeRoom(Number(this.getAttribute('room')) >>> 0);
  }

  #fail() {
    const fatal = this.#root.getElementById('fatal');
    if (fatal) {
      fatal.hidden = false;
      return;
    }
    const words = document.createElement('p');
    words.setAttribute('role', 'alert');
    words.textContent = 'Scanwise could not be started. Reload the page; if that does not help, this browser may be too old: '
      + 'it needs WebAssembly with SIMD (Chrome or Edge 91, Firefox 114, Safari 16.4, or newer).';
    this.#root.replaceChildren(words);
  }

  /**
   * Opens a scan: a File or Blob, or the address of one on this origin.
   * @returns what was found in it
   */
  async load(source) {
    await this.start();
    const file = source instanceof Blob ? source : await this.#fetched(source);
    const named = file instanceof File ? file : new File([file], 'scan.ply');
    return this.#opened(() => this.#running.open([named]));
  }

  /** Opens the room that comes along. */
  async loadSample() {
    await this.start();
    return this.#opened(() => this.#running.openSample());
  }

  /** Makes a room up from a seed. */
  async makeRoom(seed) {
    await this.start();
    return this.#opened(() => this.#running.makeRoom(seed >>> 0));
  }

  async #opened(act) {
    const hearing = new Hearing(this, ['scanwise-scene', 'scanwise-refused', 'scanwise-disposed']);
    try {
      act();
      const { type, detail } = await hearing.next();
      if (type !== 'scanwise-scene') throw new Error(detail?.message ?? 'The element was taken away.');
      return detail;
    } finally {
      hearing.end();
    }
  }

  async #fetched(address) {
    const url = new URL(address, document.baseURI);
    // The one place where an address comes from outside: nothing is asked of another origin, whatever the page allows.
    if (url.origin !== location.origin) {
      const message = `${url.origin} is another origin. Put the scan beside the page.`;
      this.#running.refuse('other-origin', message);
      throw new Error(message);
    }
    const response = await fetch(url).catch(() => null);
    if (!response?.ok) {
      const message = `${address} could not be had${response ? ` (the server answered ${response.status})` : ''}.`;
      this.#running.refuse('not-found', message);
      throw new Error(message);
    }
    const name = decodeURIComponent(url.pathname.split('/').pop()) || 'scan.ply';
    return new File([await response.blob()], name);
  }

  /**
   * Asks about the open scan. Yields what has been answered so far, again and again, then the whole answer with `done`
   * true. One question at a time: the next waits. Leaving the loop stops the answer.
   */
  async* ask(question) {
    await this.start();
    const before = this.#before;
    let done;
    this.#before = new Promise((resolve) => { done = resolve; });
    await before;
    const hearing = new Hearing(this, ['scanwise-partial', 'scanwise-answer', 'scanwise-ended', 'scanwise-disposed']);
    let over = false;
    try {
      if (!this.#running) throw new Error('The element was taken away.');
      const asked = this.#running.ask(String(question));
      if (!asked) throw new Error('There is no question.');
      for (;;) {
        const { type, detail } = await hearing.next();
        if (type !== 'scanwise-disposed' && detail.question !== asked) continue;
        if (type === 'scanwise-partial') {
          yield { ...detail, done: false };
          continue;
        }
        over = true;
        if (type === 'scanwise-answer') {
          yield { ...detail, done: true };
          return;
        }
        throw new Error(detail?.reason ?? 'The element was taken away.');
      }
    } finally {
      hearing.end();
      if (!over) this.stop();
      done();
    }
  }

  /** Stops what is being answered, read or tested. */
  stop() {
    this.#running?.stop();
  }

  /** Lights these objects, by their ids, and no others. */
  highlight(ids) {
    this.#running?.highlight(Uint32Array.from(ids));
  }

  /** Lights an object and goes there; without one, puts the focus on the question. */
  focus(id) {
    if (typeof id === 'number') this.#running?.goTo(id);
    else this.#root.getElementById('question')?.focus();
  }

  /**
   * What is seen, as a PNG.
   * @param {{labels?: boolean}} [options]
   * @returns {Promise<Blob>}
   */
  async screenshot({ labels = true } = {}) {
    if (!this.#running) throw new Error('The element has not started.');
    return this.#running.picture(labels);
  }

  /** Ends it: worker, view and memory are given back. Put into a document again, it starts anew. */
  dispose() {
    this.#sight?.disconnect();
    this.#sight = null;
    this.#current = null;
    this.#starting = null;
    const running = this.#running;
    this.#running = null;
    if (running) {
      running.end();
      running.free();
      this.dispatchEvent(new CustomEvent('scanwise-disposed'));
    }
    this.#root.replaceChildren();
  }

  /** The program itself broke down. */
  breakDown() {
    this.#fail();
  }
}

addEventListener('scanwise-fatal', () => {
  for (const element of document.querySelectorAll('scan-wise')) element.breakDown();
});

customElements.define('scan-wise', ScanWise);
