// cue-line.js: the technician's page: the next change of each shared projector, huge and with the time that is left, and all
// changes of the day below.

import { clock, sameDay } from "eventhub/clock"
import { cuesOf, dueCue, offsetOf } from "wall/cue-clock"

const two = (number) => String(number).padStart(2, "0")

class CueLine extends HTMLElement {
  #timer
  #listening
  #offset = 0

  connectedCallback() {
    this.#offset = offsetOf(Number(this.dataset.now))
    this.#listening = new AbortController()
    document.addEventListener("live-change", () => this.#tell(), { signal: this.#listening.signal })
    this.#timer = setInterval(() => this.#tell(), 500)
    this.#tell()
  }

  disconnectedCallback() {
    this.#listening.abort()
    clearInterval(this.#timer)
  }

  #tell() {
    const at = Date.now() + this.#offset
    const lines = [...this.querySelectorAll("[data-cues]")]
    const next = this.querySelector("[data-next]")
    const blocks = lines.map((line) => this.#block(line, at))
    const same = blocks.length === next.children.length && blocks.every((block, at) => block.isEqualNode(next.children[at]))
    if (!same) next.replaceChildren(...blocks)
  }

  #block(line, at) {
    const cues = cuesOf(line)
    const today = cues.filter((cue) => sameDay(this.dataset.zone, cue.at, at))
    const due = dueCue(cues, at)
    const block = element("section", "line__place")
    block.append(element("h2", "line__name", line.querySelector("b")?.textContent ?? ""))
    if (due && today.includes(due)) {
      const big = element("p", "line__cue", this.#what(due))
      big.append(element("b", "line__left", this.#left(due.at - at)))
      big.toggleAttribute("data-now", due.at <= at)
      block.append(big)
    } else block.append(element("p", "line__none", this.dataset.none))
    const list = element("ol", "line__list")
    for (const cue of today) {
      const item = element("li", "line__one")
      const words = element("span", "line__what", this.#what(cue))
      if (cue.about) words.append(element("bdi", "line__about", cue.about))
      item.append(words)
      item.prepend(element("time", "line__time", clock(this.dataset.zone)(cue.at)))
      item.toggleAttribute("data-over", cue.at <= at && cue !== due)
      list.append(item)
    }
    block.append(list)
    return block
  }

  #what({ slides }) {
    return slides ? this.dataset.slides : this.dataset.hub
  }

  #left(ms) {
    if (ms <= 0) return this.dataset.isNow
    const seconds = Math.ceil(ms / 1_000)
    const hours = Math.floor(seconds / 3600)
    const rest = `${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`
    return this.dataset.left.replace("{time}", hours > 0 ? `${hours}:${rest}` : rest)
  }
}

function element(name, className, words = "") {
  const made = document.createElement(name)
  made.className = className
  made.textContent = words
  return made
}

customElements.define("cue-line", CueLine)
