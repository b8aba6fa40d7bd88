// carry-way.js: shares or copies the link where the browser can, and takes the code away when its time is over.

class CarryWay extends HTMLElement {
  #listening
  #timer

  connectedCallback() {
    this.#listening = new AbortController()
    const { signal } = this.#listening
    const [share, copy, link] = ["[data-share]", "[data-copy]", "#way-link"].map((name) => this.querySelector(name))
    // Both need https or this very machine.
    share.hidden = !navigator.share
    copy.hidden = !navigator.clipboard
    share.addEventListener("click", () => this.#share(link.value), { signal })
    copy.addEventListener("click", () => this.#copy(copy, link.value), { signal })
    link.addEventListener("focus", () => link.select(), { signal })
    document.addEventListener("visibilitychange", () => this.#look(), { signal })
    this.#look()
  }

  disconnectedCallback() {
    this.#listening.abort()
    clearTimeout(this.#timer)
  }

  async #share(url) {
    try {
      await navigator.share({ url })
    } catch {
      // Changed their mind.
    }
  }

  async #copy(button, url) {
    try {
      await navigator.clipboard.writeText(url)
      button.textContent = this.dataset.copied
    } catch {
      this.querySelector("#way-link").focus()
    }
  }

  #look() {
    clearTimeout(this.#timer)
    const leftMs = Number(this.getAttribute("expires")) * 1000 - Date.now()
    this.querySelector("[data-way]").hidden = leftMs <= 0
    this.querySelector("[data-over]").hidden = leftMs > 0
    if (leftMs > 0) this.#timer = setTimeout(() => this.#look(), leftMs)
  }
}

customElements.define("carry-way", CarryWay)
