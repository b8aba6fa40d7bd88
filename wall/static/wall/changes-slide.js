// changes-slide.js: what moved or was cancelled in the next 90 minutes, as the server has planned it; by the clock, so that it is
// right without network as well. More than four take turns.

import { clock } from "eventhub/clock"
import { Turns } from "wall/board-turns"
import { planOnPage, slotsOnPage } from "wall/screen-slots"
import { card, element, row } from "wall/slide-cards"
import { fit } from "wall/slide-fit"

const MOST = 4
const SIZES = { smallest: 4, lines: 2 }
const OF_ROWS = [9, 9, 8] // titles by their rows; with more of them 6.2

class ChangesSlide extends HTMLElement {
  #turns = new Turns()
  #drawn = ""
  #most = MOST

  hasContent(at) {
    return this.#changed(at).length > 0
  }

  draw(at) {
    const changed = this.#changed(at)
    const pages = Math.ceil(changed.length / this.#most)
    const each = Math.ceil(changed.length / Math.max(pages, 1))
    const page = this.#turns.at(pages, at)
    const shown = changed.slice(page * each, (page + 1) * each)
    const look = JSON.stringify([shown, page, pages], (field, value) => (field === "element" ? undefined : value))
    if (look === this.#drawn) return
    this.#drawn = look
    this.#put(shown, page, pages)
    const host = this.querySelector("[data-page]")
    if (host.scrollHeight <= host.clientHeight + 1 || this.#most === 1) return
    this.#most -= 1
    this.draw(at)
  }

  measureAnew() {
    this.#drawn = ""
    this.#most = MOST
  }

  #changed(at) {
    const slots = slotsOnPage()
    const keys = new Set(planOnPage().changes.filter(([, from, until]) => from <= at && at < until).map(([key]) => key))
    const found = [...keys].map((key) => slots.get(key)).filter((slot) => slot?.news)
    return found.sort((a, b) => a.start - b.start || a.order - b.order)
  }

  #put(shown, page, pages) {
    const time = clock(this.getAttribute("zone"))
    const host = this.querySelector("[data-page]")
    const line = element("div", "board__heads")
    line.append(element("h2", "board__head", this.dataset.head))
    if (pages > 1) line.append(element("p", "board__number", `${page + 1}/${pages}`))
    host.dataset.mode = "list"
    host.dataset.rows = shown.length
    host.replaceChildren(line, ...shown.map((slot) => row(time(slot.start), [card(slot)], slot.roomName)))
    fit(host, host, { ...SIZES, largest: OF_ROWS[shown.length] ?? 6.2 })
  }
}

customElements.define("changes-slide", ChangesSlide)
