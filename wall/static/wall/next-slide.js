// next-slide.js: "At 11:45, in 18 minutes": what comes next here, and in the other rooms at about that time, as somebody would read
// it out who stands at the door.

import { arrange, takesPlace } from "agenda/arrange"
import { Turns } from "wall/board-turns"
import { say, slotsOnPage } from "wall/screen-slots"
import { Slide } from "wall/slide"
import { element, row } from "wall/slide-cards"
import { fit } from "wall/slide-fit"
import { spellHere, whenWords } from "wall/slide-spell"

const MOST = 4
const ABOUT_MS = 45 * 60_000 // what begins elsewhere around then
const SIZES = { largest: 6.4, smallest: 4, lines: 2 }

class NextSlide extends Slide {
  #turns = new Turns()
  #most = MOST
  #start = 0

  tick(at) {
    this.querySelector(".soon__head").textContent = this.#when(at)
  }

  hasContent(at) {
    return this.#first(at) !== undefined
  }

  look(at) {
    const first = this.#first(at)
    const all = [...this.#here(at, first), ...this.#elsewhere(at, first)]
    const pages = Math.max(1, Math.ceil(all.length / this.#most))
    const each = Math.ceil(all.length / pages)
    const page = this.#turns.at(pages, at)
    this.#start = first.start
    return { head: this.#when(at), page, pages, start: first.start, shown: all.slice(page * each, (page + 1) * each) }
  }

  put({ head, page, pages, start, shown }, at) {
    const heads = element("div", "board__heads")
    heads.append(element("h2", "soon__head", head))
    if (pages > 1) heads.append(element("p", "board__number", `${page + 1}/${pages}`))
    const host = this.querySelector("[data-page]")
    host.dataset.rows = shown.length
    host.replaceChildren(heads, ...shown.map(({ slot, here }) => this.#row(slot, here, start)))
    fit(host, host, { ...SIZES, largest: shown.length <= 2 ? 9 : SIZES.largest })
    if (host.scrollHeight <= host.clientHeight + 1 || this.#most === 1) return
    this.#most -= 1
    this.draw(at)
  }

  measureAnew() {
    this.#most = MOST
    super.measureAnew()
  }

  #when(at) {
    return whenWords(this.#start, at, { zone: this.zone, language: this.language, words: this.dataset })
  }

  #first(at) {
    const { next } = spellHere(at)
    if (next.length > 0) return next[0]
    const coming = arrange([...slotsOnPage().values()].filter(takesPlace), at).next
    return this.#room() ? coming.find(({ room }) => room === this.#room() || room === "") : coming[0]
  }

  #room() {
    return /^\d+$/.test(this.stands) ? this.stands : ""
  }

  #here(at, first) {
    const { next } = spellHere(at)
    const same = next.filter(({ start }) => start === first.start)
    return (same.length > 0 ? same : [first]).map((slot) => ({ slot, here: this.#room() !== "" && slot.room === this.#room() }))
  }

  // In each other room the first that comes around that time, and what still runs on then.
  #elsewhere(at, first) {
    const mine = new Set(this.#here(at, first).flatMap(({ slot }) => [slot.key, slot.room]))
    const slots = [...slotsOnPage().values()].filter((slot) => takesPlace(slot) && !mine.has(slot.key) && (slot.room === "" || !mine.has(slot.room)))
    const near = slots.filter(({ start, end }) => (start > at && Math.abs(start - first.start) <= ABOUT_MS) || (start <= at && end > first.start + ABOUT_MS / 9))
    const found = new Map()
    for (const slot of near.sort((a, b) => a.start - b.start || a.order - b.order)) if (!found.has(slot.room)) found.set(slot.room, slot)
    return [...found.values()].sort((a, b) => (a.order % 1000) - (b.order % 1000)).map((slot) => ({ slot, here: false }))
  }

  #row(slot, here, start) {
    const what = element("div", "soon__what")
    what.dataset.slot = slot.key
    what.append(element("h3", "card__title", slot.title, { dir: "auto" }))
    const time = slot.start === start ? "" : slot.start < start ? say(this.dataset.until, { time: this.time(slot.end) }) : say(this.dataset.from, { time: this.time(slot.start) })
    const parts = [time, slot.host].filter(Boolean)
    if (slot.news) what.append(element("p", "card__news", slot.news, { dir: "auto" }))
    if (parts.length > 0) {
      const line = element("p", "card__meta")
      line.append(...parts.flatMap((part, at) => [...(at === 0 ? [] : [" · "]), element("bdi", "", part)]))
      what.append(line)
    }
    return row(slot.roomName || this.dataset.everywhere, [what], here ? this.dataset.here : slot.way)
  }
}

customElements.define("next-slide", NextSlide)
