// board-propose.js: the form for a proposal, and what is not at the server yet, each with an honest line about where it is. Without
// this module the form posts by itself.

import { whyNot } from "agenda/board-phase"
import { ProposalBox } from "agenda/proposal-box"
import { ask, csrfOf } from "eventhub/request"
import { safeStorage } from "eventhub/storage"

const FIELDS = ["title", "host", "text", "needs", "not_before", "not_after"]

class BoardPropose extends HTMLElement {
  #box
  #form
  #listening

  connectedCallback() {
    this.#form = this.querySelector("form")
    this.#listening = new AbortController()
    const { signal } = this.#listening
    this.#box = new ProposalBox({
      slug: this.#slug,
      storage: safeStorage(),
      send: ({ key, card }) => ask(this.#form.getAttribute("action"), { data: { ...card, sent_key: key }, csrf: csrfOf(this.#form) }),
      rejoin: () => this.#rejoin(),
      lock: (act) => navigator.locks?.request(`eventhub.proposals.${this.#slug}`, act) ?? act(),
    })
    this.#box.addEventListener("change", () => this.#list(), { signal })
    this.#box.addEventListener("sent", () => this.#sent(), { signal })
    this.#box.addEventListener("refused", ({ detail }) => this.#refused(detail), { signal })
    this.#form.addEventListener("submit", (event) => this.#submit(event), { signal })
    this.addEventListener("click", (event) => this.#clicked(event), { signal })
    this.#follow(signal)
    this.#list()
    this.#box.flush()
  }

  disconnectedCallback() {
    this.#listening.abort()
  }

  get #slug() {
    return this.getAttribute("slug")
  }

  #field(name) {
    return this.#form.elements.namedItem(name)
  }

  // Whatever tells that the network may be back.
  #follow(signal) {
    const wake = () => document.hidden || this.#box.wake()
    addEventListener("online", wake, { signal })
    addEventListener("storage", () => this.#list(), { signal })
    document.addEventListener("visibilitychange", wake, { signal })
    document.addEventListener("stream-state", ({ detail }) => detail.state === "open" && wake(), { signal })
  }

  #submit(event) {
    event.preventDefault()
    this.#say("")
    if (whyNot("propose")) return
    if (this.#field("title").value.trim() === "") {
      this.#problem(this.dataset.empty)
      return this.#field("title").focus()
    }
    this.#problem("")
    this.#box.add(Object.fromEntries(FIELDS.map((name) => [name, this.#field(name)?.value ?? ""])))
    for (const name of FIELDS) if (name !== "host" && this.#field(name)) this.#field(name).value = "" // the same person goes on
    this.#form.querySelector("details").open = false
    this.#box.flush()
  }

  #sent() {
    this.#say(this.dataset.sent)
    this.#tell()
  }

  // The words go back to where they were written, unless something new is being written there.
  #refused({ entry, message }) {
    this.querySelector("details").open = true
    if (this.#field("title").value.trim() === "") {
      for (const name of FIELDS) if (this.#field(name)) this.#field(name).value = entry.card[name] ?? ""
      this.#problem(message ?? "")
    } else this.#problem(`${entry.card.title}: ${message ?? ""}`)
    this.#field("title").focus()
  }

  #clicked({ target }) {
    const row = target.closest("[data-act=drop]")?.closest("li")
    if (!row) return
    this.#box.drop(row.dataset.key)
    this.#tell() // a try may have arrived without our hearing of it
  }

  #tell() {
    document.dispatchEvent(new CustomEvent("proposal-sent"))
  }

  #list() {
    const rows = this.#box.entries().map(({ key, card, state }) => {
      const row = this.querySelector("template").content.firstElementChild.cloneNode(true)
      row.dataset.key = key
      row.querySelector(".own__title").textContent = card.title
      row.querySelector(".own__state").textContent = this.dataset[state]
      row.querySelector("button").hidden = state === "sending"
      return row
    })
    this.querySelector("[data-queue]").replaceChildren(...rows)
  }

  #say(words) {
    this.querySelector("[data-said]").textContent = words
  }

  #problem(words) {
    const line = this.#form.querySelector("[data-problem]")
    line.textContent = words
    line.hidden = words === ""
  }

  // The cookie or the form's token may be older than the page.
  async #rejoin() {
    const own = await ask(`/${this.#slug}/board/own`)
    if (!own?.json?.csrf) return false
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = own.json.csrf
    return own.json.joined === true
  }
}

customElements.define("board-propose", BoardPropose)
