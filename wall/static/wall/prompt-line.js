// prompt-line.js: what the hall is being asked stands above the composer and on the empty wall, instead of the event's own question:
// that of the session which is chosen, else that to all. With `field` it keeps only the items that carry `value` there.

import { fragment } from "live/fragment"
import { LiveList } from "live/live-list"

class PromptLine extends LiveList {
  #listening

  connectedCallback() {
    this.#listening = new AbortController()
    const { signal } = this.#listening
    document.addEventListener("change", ({ target }) => target.name === "session" && this.#say(), { signal })
    document.addEventListener("live-change", ({ target }) => target.localName === "event-look" && this.#say(), { signal })
    this.#say()
  }

  disconnectedCallback() {
    this.#listening.abort()
  }

  put(item, options) {
    const field = this.getAttribute("field")
    const wanted = !field || item.html === null || fragment(item.html)?.dataset[field] === this.getAttribute("value")
    return super.put(wanted ? item : { ...item, html: null }, options)
  }

  changed() {
    this.#say()
    super.changed()
  }

  #say() {
    const session = document.querySelector("note-target input:checked")?.value ?? ""
    const asked = [...this.keyed()]
    const found = asked.find(({ dataset }) => session && dataset.session === session) ?? asked.find(({ dataset }) => !dataset.session)
    const words = found?.textContent ?? document.querySelector("event-look [data-part=prompt]")?.textContent
    if (words === undefined) return
    for (const element of document.querySelectorAll("[data-shows=prompt]")) if (element.textContent !== words) element.textContent = words
  }
}

customElements.define("prompt-line", PromptLine)
