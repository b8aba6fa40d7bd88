// stage-cues.js: says at each shared projector what to do next, counted by the server's clock, on the line and on its card.
// The list of screens is drawn anew now and then: the chosen one stays chosen.

import { clock } from "eventhub/clock"
import { cuesOf, dueCue, offsetOf } from "wall/cue-clock"

const SOON_MIN = 15

class StageCues extends HTMLElement {
  #timer
  #listening
  #offset = 0
  #chosen = ""

  connectedCallback() {
    this.#offset = offsetOf(Number(this.dataset.now))
    this.#listening = new AbortController()
    const { signal } = this.#listening
    this.addEventListener("change", ({ target }) => target.name === "on" && (this.#chosen = target.value), { signal })
    document.addEventListener("live-change", () => this.#again(), { signal })
    document.addEventListener("click", (event) => this.#choose(event), { signal })
    this.#timer = setInterval(() => this.#tell(), 1_000)
    this.#again()
  }

  disconnectedCallback() {
    this.#listening.abort()
    clearInterval(this.#timer)
  }

  #again() {
    const radios = [...this.querySelectorAll("input[name=on]")]
    const kept = radios.find(({ value }) => value === this.#chosen) ?? radios[0]
    if (kept) kept.checked = true
    this.#chosen = kept?.value ?? ""
    this.#tell()
  }

  // A tap on a card means that screen; what it leads to keeps its own meaning.
  #choose({ target }) {
    const card = target.closest?.("[data-state-of]")
    if (!card || target.closest("a, button, summary, input")) return
    const radio = this.querySelector(`input[name=on][value="${CSS.escape(card.dataset.stateOf)}"]`)
    if (radio) this.#chosen = radio.value
    this.#again()
  }

  #tell() {
    const at = Date.now() + this.#offset
    for (const line of this.querySelectorAll("[data-cues]")) {
      const words = this.#words(dueCue(cuesOf(line), at), at)
      const told = line.querySelector("[data-words]")
      if (told.textContent !== words) told.textContent = words
      line.hidden = words === ""
      line.classList.toggle("cue--now", words !== "" && (dueCue(cuesOf(line), at)?.at ?? Infinity) <= at)
    }
    const where = document.querySelector("[data-where]")
    const name = this.querySelector("input[name=on]:checked + span")?.textContent ?? ""
    if (where && where.textContent !== name) where.textContent = name
    for (const card of document.querySelectorAll("[data-state-of]")) {
      card.toggleAttribute("data-chosen", card.dataset.stateOf === this.#chosen)
    }
  }

  #words(cue, at) {
    if (!cue) return ""
    const what = cue.slides ? this.dataset.slides : this.dataset.hub
    const minutes = Math.ceil((cue.at - at) / 60_000)
    if (minutes <= 0) return this.dataset.nowWords.replace("{what}", what)
    const words = minutes <= SOON_MIN ? this.dataset.in : this.dataset.at
    return words.replace("{n}", minutes).replace("{time}", clock(this.dataset.zone)(cue.at)).replace("{what}", what)
  }
}

customElements.define("stage-cues", StageCues)
