// invite-slides.js: the slides that invite and greet: how to take part, welcome, good night, the WLAN. What is typed or read off
// stands large; the words are the event's own.

import { sameDay } from "eventhub/clock"
import { pieces } from "wall/pieces"
import { planNow } from "wall/screen-plan-page"
import { say } from "wall/screen-slots"
import { Slide } from "wall/slide"
import { element } from "wall/slide-cards"
import { fit } from "wall/slide-fit"
import { spellHere, whenWords } from "wall/slide-spell"

const TAG_VH = { largest: 17, smallest: 4.4, lines: 5 }
const SHORT_TAG = 24 // a longer one is not said twice
const NAME_VH = { largest: 14, smallest: 5, lines: 4 }
const WIFI_VH = { largest: 12, smallest: 4.2, lines: 3 }

// What the event says of itself, kept by its topic.
const ofEvent = (name) => document.querySelector(`event-look [data-part="${name}"]`)?.textContent.trim() ?? ""

// Such a text breaks where a reader would break it.
const broken = (text) => pieces(text).flatMap((part, at) => (at === 0 ? [part] : [document.createElement("wbr"), part]))

class HintSlide extends Slide {
  look() {
    const asked = document.querySelector("#asked > [data-session='']")?.textContent.trim()
    const networks = document.querySelector("[data-piece=networks]")?.textContent.trim() ?? ""
    return { tag: ofEvent("hashtag"), name: ofEvent("name"), prompt: asked || ofEvent("prompt"), networks }
  }

  put({ tag, name, prompt, networks }) {
    this.part("tag").replaceChildren(...broken(tag || name))
    this.part("prompt").textContent = prompt
    this.part("also").textContent = tag && networks ? say(tag.length > SHORT_TAG ? this.dataset.alsoThis : this.dataset.also, { tag, networks }) : ""
    this.part("also").hidden = !tag || !networks
    fit(this, this.part("box"), TAG_VH)
  }
}

class WelcomeSlide extends Slide {
  look(at) {
    const [starts] = ofEvent("days").split(" ").map((seconds) => Number(seconds) * 1000)
    const start = spellHere(at).next[0]?.start ?? (starts > at ? starts : null)
    const words = { at: this.dataset.start, inMinute: this.dataset.start, inMinutes: this.dataset.start, day: this.dataset.day }
    const when = start === null ? "" : whenWords(start, at, { zone: this.zone, language: this.language, words })
    return { name: ofEvent("name"), place: ofEvent("place"), tag: ofEvent("hashtag"), welcome: planNow().words?.welcome || this.dataset.welcome, when }
  }

  put({ name, place, tag, welcome, when }) {
    this.part("welcome").textContent = welcome
    this.part("name").textContent = name
    this.part("place").textContent = place
    this.part("when").textContent = when
    this.part("tag").replaceChildren(...broken(tag))
    fit(this, this.part("box"), NAME_VH)
  }
}

class GoodnightSlide extends Slide {
  look(at) {
    const { words = {} } = planNow()
    const next = spellHere(at).next[0]
    const again = next && !sameDay(this.zone, next.start, at) ? whenWords(next.start, at, { zone: this.zone, language: this.language, words: { day: this.dataset.again } }) : ""
    return { thanks: words.good_night || this.dataset.thanks, again, stop: words.next_stop ?? "", tag: ofEvent("hashtag") }
  }

  put({ thanks, again, stop, tag }) {
    this.part("thanks").textContent = thanks
    this.part("again").textContent = again
    this.part("stop").replaceChildren(...(stop ? [`${this.dataset.stop} `, element("b", "", stop, { dir: "auto" })] : []))
    this.part("tag").replaceChildren(...broken(tag))
    fit(this, this.part("box"), NAME_VH)
  }
}

class WifiSlide extends Slide {
  hasContent() {
    return this.#told() !== null
  }

  look() {
    const told = this.#told()
    const of = (name) => told?.querySelector(`[data-${name}]`)?.textContent ?? ""
    return { name: of("name"), password: of("password"), code: told?.querySelector("path")?.getAttribute("d") ?? "" }
  }

  put({ name, password }) {
    this.part("name").textContent = name
    this.part("password").replaceChildren(...broken(password))
    this.toggleAttribute("data-open", password === "")
    const code = this.#told()?.querySelector("svg")
    this.part("code").replaceChildren(...(code ? [code.cloneNode(true)] : []))
    fit(this, this.part("box"), WIFI_VH)
  }

  #told() {
    return document.querySelector("[data-piece=rail] [data-wifi]")
  }
}

customElements.define("hint-slide", HintSlide)
customElements.define("welcome-slide", WelcomeSlide)
customElements.define("goodnight-slide", GoodnightSlide)
customElements.define("wifi-slide", WifiSlide)
