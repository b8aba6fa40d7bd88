// countdown-slide.js: for whoever stands on stage: the time that is left as large as the picture, warm near the end; in a break the
// time until it goes on.

import { say } from "wall/screen-slots"
import { Slide } from "wall/slide"
import { fit } from "wall/slide-fit"
import { speaking, spellHere } from "wall/slide-spell"

const SECONDS_BELOW_MS = 5 * 60_000 // from then on the seconds count
const WARM_BELOW_MS = 5 * 60_000
const FARTHEST_MS = 3 * 3_600_000
const TITLE_VH = { largest: 7, smallest: 4.6, lines: 2 }

class CountdownSlide extends Slide {
  #told = null

  hasContent(at) {
    return this.#what(at) !== null
  }

  seconds() {
    return 3600
  }

  tick(at) {
    const { number, unit, warm } = this.#counted(at)
    this.part("number").textContent = number
    this.part("unit").textContent = unit
    this.toggleAttribute("data-warm", warm)
  }

  look(at) {
    this.#told = this.#what(at)
    return this.#counted(at)
  }

  #counted(at) {
    const { slot, until, over } = this.#told
    const left = Math.max(0, until - at)
    const words = over ? this.dataset.left : this.dataset.until
    return {
      title: slot.title,
      number: left < SECONDS_BELOW_MS ? minutesAndSeconds(left) : String(Math.ceil(left / 60_000)),
      unit: left < SECONDS_BELOW_MS ? "" : this.dataset.unit,
      words: say(words, { time: this.time(until) }),
      warm: over && left < WARM_BELOW_MS,
    }
  }

  put({ title, number, unit, words, warm }) {
    this.part("title").textContent = title
    this.part("number").textContent = number
    this.part("unit").textContent = unit
    this.part("words").textContent = words
    this.toggleAttribute("data-warm", warm)
    fit(this, this.part("head"), TITLE_VH)
  }

  // What runs and when it ends (`over`), else what comes and when it begins.
  #what(at) {
    const { now, next, ends } = spellHere(at)
    const running = speaking(now)
    if (running) return { slot: running, until: ends ?? running.end, over: true }
    const coming = next[0]
    return coming && coming.start - at < FARTHEST_MS ? { slot: coming, until: coming.start, over: false } : null
  }
}

function minutesAndSeconds(ms) {
  const s = Math.ceil(ms / 1000)
  return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")}`
}

customElements.define("countdown-slide", CountdownSlide)
