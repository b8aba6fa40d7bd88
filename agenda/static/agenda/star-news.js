// star-news.js: says in one polite line, on whatever page of the event is open, that a starred session has moved or is cancelled.
// Once for each change; what happened while no page was open is said on the next one. Who starred what the server is not asked.

import { stars } from "agenda/stars"
import { ToldMoves } from "agenda/told-moves"
import { safeStorage } from "eventhub/storage"
import { LiveList } from "live/live-list"

class StarNews extends LiveList {
  #listening
  #told

  connectedCallback() {
    this.#told = new ToldMoves(safeStorage(), this.getAttribute("slug"))
    this.#listening = new AbortController()
    const { signal } = this.#listening
    stars.addEventListener("change", () => this.#speak(), { signal })
    document.addEventListener("visibilitychange", () => this.#speak(), { signal })
    // Who sets a star now sees where it is now.
    document.addEventListener("star-set", ({ detail }) => this.#told.tell(this.#moves().filter(({ session }) => session === detail.session)), { signal })
    this.querySelector("[data-close]").addEventListener("click", () => this.#close(), { signal })
    this.#speak()
  }

  disconnectedCallback() {
    this.#listening.abort()
  }

  place(next, current) {
    if (current) current.replaceWith(next)
    else this.querySelector("[data-lines]").append(next)
  }

  mark() {}

  changed() {
    this.#speak()
    super.changed()
  }

  #moves() {
    return [...this.keyed()].map((element) => ({
      element,
      key: element.dataset.key,
      session: element.dataset.session,
      sequence: Number(element.dataset.sequence),
      end: Date.parse(element.dataset.end),
    }))
  }

  // Nobody hears what is said on a page that nobody looks at.
  #speak() {
    if (document.hidden) return
    const fresh = this.#told.fresh(this.#moves(), { stars, at: Date.now() })
    if (fresh.length === 0) return
    this.#told.tell(fresh)
    const line = this.querySelector("[data-line]")
    const slug = this.getAttribute("slug")
    line.href = fresh.length === 1 ? `/${slug}/session/${fresh[0].session}/` : `/${slug}/my/`
    if (fresh.length === 1) line.replaceChildren(...[...fresh[0].element.cloneNode(true).childNodes])
    else line.textContent = this.dataset.many.replace("{n}", fresh.length)
    this.querySelector("[data-card]").hidden = false
    this.querySelector("[data-spoken]").textContent = line.textContent
  }

  #close() {
    this.querySelector("[data-card]").hidden = true
  }
}

customElements.define("star-news", StarNews)
