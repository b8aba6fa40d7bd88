// nick-name.js: the name a guest writes under, and a second line, both optional. Saves them without leaving the page.

import { ask, csrfOf } from "eventhub/request"

class NickName extends HTMLElement {
  #listening

  connectedCallback() {
    this.#listening = new AbortController()
    const { signal } = this.#listening
    this.addEventListener("submit", (event) => this.#save(event), { signal })
    this.querySelector("details").addEventListener("toggle", ({ target }) => this.#opened(target), { signal })
  }

  disconnectedCallback() {
    this.#listening.abort()
  }

  // The page hears of it a moment later: whoever writes in a field by then goes on writing there.
  #opened(details) {
    const writes = details.querySelector("form").contains(document.activeElement)
    if (details.open && !writes) this.querySelector("[name=nickname]").focus()
  }

  async #save(event) {
    event.preventDefault()
    const form = event.target
    const button = form.querySelector("button")
    button.setAttribute("aria-busy", "true")
    const data = { nickname: form.elements.namedItem("nickname").value, organisation: form.elements.namedItem("organisation").value }
    const answer = await ask(form.action, { data, csrf: csrfOf(form) })
    button.removeAttribute("aria-busy")
    if (answer?.status === 200) this.#show(answer.json)
    else this.#problem(answer?.json?.error?.message ?? this.dataset.offline)
  }

  #show({ nickname, organisation }) {
    this.#problem("")
    this.querySelector("[name=nickname]").value = nickname
    this.querySelector("[name=organisation]").value = organisation
    this.querySelector("[data-name] bdi").textContent = nickname || this.dataset.guest
    this.querySelector("[data-organisation]").textContent = organisation
    this.querySelector("[data-comma]").hidden = organisation === ""
    this.querySelector("[data-verb]").textContent = nickname ? this.dataset.change : this.dataset.choose
    this.querySelector("details").open = false
    this.querySelector("summary").focus()
  }

  #problem(words) {
    const line = this.querySelector("[data-problem]")
    line.textContent = words
    line.hidden = words === ""
  }
}

customElements.define("nick-name", NickName)
