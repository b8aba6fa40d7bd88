// live-part.js: fetches its part of the page again (the page's own address with ?part=1) when a change of its topic concerns
// it, and swaps the regions (`data-swap`) that look different. Lists within follow the stream by themselves.

import { wait } from "live/backoff"
import { fragment } from "live/fragment"
import { concerns } from "live/live-some"
import { draws } from "live/press"

const SPREAD_MS = 600 // a hall that has the same page open does not ask in the same moment
const RETRY_MS = 10_000

class LivePart extends HTMLElement {
  #turn = 0

  // What is only drawn again, because the event itself is called differently, is followed by the list or by a new page.
  apply(items) {
    if (items.some((item) => this.#concerns(item))) this.#renew()
  }

  reset() {
    this.#renew()
  }

  disconnectedCallback() {
    this.#turn += 1
  }

  #concerns({ key, html, redraw }) {
    if (!this.hasAttribute("field")) return true
    if (this.querySelector(`[data-key="${CSS.escape(key)}"]`)) return !redraw
    return html !== null && !redraw && concerns(this, html)
  }

  // Of several changes the last one counts: only then is what was fetched as new as they are.
  async #renew() {
    const turn = (this.#turn += 1)
    await wait(Math.random() * SPREAD_MS)
    while (turn === this.#turn) {
      const found = await this.#fetch()
      if (turn !== this.#turn) return
      if (found !== null) return draws(this, () => this.#swap(found))
      await wait(RETRY_MS * (1 + Math.random()))
    }
  }

  // The part; "" when there is no such page any more; null when nobody of ours has answered.
  async #fetch() {
    const url = new URL(location.href)
    url.search = "?part=1"
    url.hash = ""
    try {
      const answer = await fetch(url, { cache: "no-store", redirect: "error", headers: { Accept: "text/html" } })
      if (answer.status === 404) return ""
      const html = answer.ok ? await answer.text() : ""
      return html.includes("data-swap") ? html : null
    } catch {
      return null
    }
  }

  #swap(html) {
    const gone = this.querySelector("[data-gone]")
    if (gone) gone.hidden = html !== ""
    const next = html === "" ? null : fragment(html)
    if (!next) return
    const regions = next.matches("[data-swap]") ? [next] : next.querySelectorAll("[data-swap]")
    for (const region of regions) {
      const ours = this.querySelector(`[data-swap="${CSS.escape(region.dataset.swap)}"]`)
      if (ours && !ours.isEqualNode(region)) ours.replaceWith(region)
    }
  }
}

customElements.define("live-part", LivePart)
