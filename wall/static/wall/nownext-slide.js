// nownext-slide.js: what runs now and what comes next in every room, few rooms at a time.

import { arrange, byRoom, takesPlace } from "agenda/arrange"
import { sameDay } from "eventhub/clock"
import { TURN_MS, Turns } from "wall/board-turns"
import { say, slotsOnPage } from "wall/screen-slots"
import { readingSeconds, Slide } from "wall/slide"
import { card, element, row } from "wall/slide-cards"
import { fit } from "wall/slide-fit"

const MOST = 3
const SIZES = { largest: 6, smallest: 4, lines: 2 }

class NownextSlide extends Slide {
  #turns = new Turns()
  #most = MOST

  hasContent(at) {
    return this.#rooms(at).length > 0
  }

  // Every page once.
  seconds(at) {
    const pages = Math.ceil(this.#rooms(at).length / this.#most)
    return pages > 1 ? (pages * TURN_MS) / 1000 : Math.max(super.seconds(at), readingSeconds(0))
  }

  shown() {
    this.#turns = new Turns()
  }

  look(at) {
    const rooms = this.#rooms(at)
    const pages = Math.max(1, Math.ceil(rooms.length / this.#most))
    const each = Math.ceil(rooms.length / pages)
    const page = this.#turns.at(pages, at)
    return { page, pages, shown: rooms.slice(page * each, (page + 1) * each) }
  }

  put({ page, pages, shown }, at) {
    const { dataset } = this
    const host = this.querySelector("[data-page]")
    const heads = element("div", "board__heads")
    const both = [shown.some(({ now }) => now), shown.some(({ next }) => next)]
    const titles = [dataset.now, dataset.next].filter((_, at) => both[at])
    heads.append(...titles.map((words) => element("h2", "board__head", words)))
    if (pages > 1) heads.append(element("p", "board__number", `${page + 1}/${pages}`))
    host.dataset.mode = titles.length === 2 ? "beside" : "list"
    host.dataset.rows = shown.length
    const cards = ({ now, next }) => [both[0] ? this.#card(now, dataset.until, "end") : null, both[1] ? this.#card(next, dataset.from, "start") : null].filter(Boolean)
    host.replaceChildren(heads, ...shown.map((room) => row(room.name || dataset.everywhere, cards(room), room.way)))
    fit(host, host, SIZES)
    if (host.scrollHeight <= host.clientHeight + 1 || this.#most === 1) return
    this.#most -= 1
    this.draw(at)
  }

  measureAnew() {
    this.#most = MOST
    super.measureAnew()
  }

  #card(slot, words, which) {
    return slot ? card(slot, { meta: [say(words, { time: this.time(slot[which]) })] }) : card()
  }

  // Each room in which something runs or comes on this day, and what is everywhere.
  #rooms(at) {
    const slots = [...slotsOnPage().values()].filter(takesPlace)
    const rooms = new Map()
    for (const slot of slots.sort(byRoom)) rooms.set(slot.room, [...(rooms.get(slot.room) ?? []), slot])
    return [...rooms.values()].sort((a, b) => (a[0].room === "") - (b[0].room === "")).map((own) => this.#room(own, at)).filter(({ now, next }) => now || next)
  }

  #room(own, at) {
    const { now, next } = arrange(own, at)
    const coming = next.find(({ start }) => sameDay(this.zone, start, at))
    return { name: own.at(-1).roomName, way: own.at(-1).way, now: now.at(-1), next: coming }
  }
}

customElements.define("nownext-slide", NownextSlide)
