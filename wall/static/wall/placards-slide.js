// placards-slide.js: sponsors, several together in a calm grid on white, and other pictures, each alone with its title. One page a
// turn; the next turn shows the next.

import { Slide } from "wall/slide"
import { element } from "wall/slide-cards"

const TOGETHER = 9

class PlacardsSlide extends Slide {
  #page = 0

  hasContent() {
    return this.#told().length > 0
  }

  seconds(at) {
    return Math.max(super.seconds(at), 8)
  }

  hidden() {
    this.#page += 1
  }

  look() {
    const pages = this.#pages()
    return { page: pages[this.#page % pages.length].map(({ dataset, textContent }) => ({ ...dataset, title: textContent.trim() })) }
  }

  put({ page }) {
    const alone = !page[0].sponsor
    const host = this.querySelector("[data-page]")
    this.toggleAttribute("data-alone", alone)
    host.dataset.count = page.length
    host.style.setProperty("--columns", columnsOf(page))
    host.replaceChildren(...page.map((each) => picture(each, alone)))
  }

  // What cannot be fetched is left out.
  #told() {
    return [...document.querySelectorAll("[data-placard]")].filter(({ dataset }) => !failed.has(dataset.src))
  }

  #pages() {
    const told = this.#told()
    const sponsors = told.filter(({ dataset }) => dataset.sponsor)
    const count = Math.ceil(sponsors.length / TOGETHER)
    const each = Math.ceil(sponsors.length / Math.max(count, 1))
    const grids = Array.from({ length: count }, (_, at) => sponsors.slice(at * each, (at + 1) * each))
    return [...grids, ...told.filter(({ dataset }) => !dataset.sponsor).map((one) => [one])]
  }
}

const failed = new Set()

function picture({ src, width, height, title }, alone) {
  const figure = element("figure", "placard")
  const image = element("img", "placard__picture", "", { src, width, height, alt: alone ? "" : title })
  image.addEventListener("error", () => failed.add(src), { once: true })
  figure.append(image)
  if (alone && title) figure.append(element("figcaption", "placard__title", title, { dir: "auto" }))
  return figure
}

// So that each has as much room as it can get in a picture that is wider than high.
function columnsOf({ length }) {
  if (length <= 3) return length
  return length === 4 ? 2 : 3
}

customElements.define("placards-slide", PlacardsSlide)
