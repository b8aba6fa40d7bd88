// share-note.js: after a note has been sent: take its text elsewhere, with the system's own sheet where there is one, else by
// plain links. Nothing is asked of another server before somebody follows a link.

import { safeStorage } from "eventhub/storage"
import { blueskyLink, linkedinLink, mastodonLink, withTags } from "wall/share-links"

const SERVER = "eventhub.mastodon"

class ShareNote extends HTMLElement {
  #listening
  #storage = safeStorage()
  #text = ""

  connectedCallback() {
    this.#listening = new AbortController()
    const { signal } = this.#listening
    this.querySelector("[data-act=share]").addEventListener("click", () => this.#share(), { signal })
    this.#server.addEventListener("input", () => this.#typed(), { signal })
    this.#server.value = this.#storage.getItem(SERVER) ?? ""
  }

  disconnectedCallback() {
    this.#listening.abort()
  }

  get #server() {
    return this.querySelector("[data-instance]")
  }

  // Offer the text of a note that has just arrived, with the event's tag and `tag`, the session's.
  offer(text, tag) {
    this.#text = withTags(text, [this.getAttribute("tag"), tag])
    const sheet = typeof navigator.share === "function"
    this.querySelector("[data-act=share]").hidden = !sheet
    this.querySelector("[data-places]").hidden = sheet
    this.#link("bluesky", blueskyLink(this.#text))
    this.#link("linkedin", linkedinLink(this.#text))
    this.#link("mastodon", mastodonLink(this.#server.value, this.#text))
    this.hidden = false
  }

  withdraw() {
    this.hidden = true
    this.#text = ""
  }

  async #share() {
    try {
      await navigator.share({ text: this.#text })
    } catch {
      // Called off, or forbidden by the browser: the note stands on the wall anyway.
    }
  }

  #typed() {
    const link = mastodonLink(this.#server.value, this.#text)
    this.#link("mastodon", link)
    if (!link) return
    try {
      this.#storage.setItem(SERVER, this.#server.value.trim())
    } catch {
      // Not kept: it is typed once more.
    }
  }

  #link(place, address) {
    const link = this.querySelector(`[data-place=${place}]`)
    link.hidden = address === ""
    if (address) link.href = address
  }
}

customElements.define("share-note", ShareNote)
