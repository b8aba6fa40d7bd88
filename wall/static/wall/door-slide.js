// door-slide.js: the display at the door of one room: what runs in it and how long, and what comes next.

import { arrange, progress, takesPlace } from "agenda/arrange"
import { clock, sameDay, weekday } from "eventhub/clock"
import { say, slotsOnPage } from "wall/screen-slots"
import { element } from "wall/slide-cards"
import { fit } from "wall/slide-fit"

const TITLE_VH = { largest: 11.5, smallest: 5, lines: 3 }

class DoorSlide extends HTMLElement {
  #drawn = ""
  #running = null

  tick(at) {
    if (!this.#running) return
    this.style.setProperty("--over", `${progress(this.#running, at).percent.toFixed(1)}%`)
    this.querySelector(".door__main .door__when").textContent = this.#left(this.#running, at)
  }

  hasContent() {
    return this.#room().key !== ""
  }

  draw(at) {
    const { key, name } = this.#room()
    const slots = [...slotsOnPage().values()].filter(({ room }) => room === key || room === "")
    const { now, next, later } = arrange(slots, at)
    const running = now.findLast(takesPlace)
    const coming = [...next, ...later].find(takesPlace)
    const gone = now.filter(({ cancelled }) => cancelled && !running)
    const left = running ? progress(running, at) : null
    const shown = { name: slots.findLast(({ roomName }) => roomName)?.roomName ?? name, running, coming, gone, minutes: left?.minutes }
    const look = JSON.stringify(shown, (field, value) => (field === "element" ? undefined : value))
    if (left) this.style.setProperty("--over", `${left.percent.toFixed(1)}%`)
    if (look === this.#drawn) return
    this.#drawn = look
    this.#put(shown, at)
  }

  measureAnew() {
    this.#drawn = ""
  }

  // Which room this screen hangs at, as it was set.
  #room() {
    const screen = this.parentElement?.querySelector("[data-view]")
    return { key: screen?.dataset.room ?? "", name: screen?.getAttribute("value") ?? "" }
  }

  #put({ name, running, coming, gone }, at) {
    this.#running = running ?? null
    const time = clock(this.getAttribute("zone"))
    const host = this.querySelector("[data-page]")
    const parts = [element("p", "door__room", name, { dir: "auto" })]
    for (const slot of gone) parts.push(this.#session(slot, slot.news, "door__gone"))
    if (running) {
      parts.push(this.#session(running, this.#left(running, at), "door__main"))
      parts.push(element("div", "door__line"))
    }
    if (coming) parts.push(this.#session(coming, this.#when(coming, at, time), running ? "door__next" : "door__main"))
    else if (!running) parts.push(element("h2", "door__main door__title", this.dataset.nothing))
    host.replaceChildren(...parts)
    fit(host, host, TITLE_VH)
  }

  #left(slot, at) {
    const { dataset } = this
    const until = say(dataset.until, { time: clock(this.getAttribute("zone"))(slot.end) })
    const { minutes } = progress(slot, at)
    return at < slot.end ? `${until} · ${say(minutes === 1 ? dataset.minute : dataset.minutes, { minutes })}` : until
  }

  #when(slot, at, time) {
    const [zone, language] = [this.getAttribute("zone"), this.getAttribute("language")]
    const day = weekday(zone, language)(slot.start)
    return say(sameDay(zone, slot.start, at) ? this.dataset.next : this.dataset.day, { time: time(slot.start), day })
  }

  #session(slot, words, className) {
    const made = element("div", className, "", { "data-slot": slot.key })
    made.toggleAttribute("data-cancelled", slot.cancelled)
    made.append(element("p", "door__when", words), element("h2", "door__title", slot.title, { dir: "auto" }))
    if (slot.host) made.append(element("p", "door__host", slot.host, { dir: "auto" }))
    if (slot.news && !slot.cancelled) made.append(element("p", "card__news", slot.news, { dir: "auto" }))
    return made
  }
}

customElements.define("door-slide", DoorSlide)
