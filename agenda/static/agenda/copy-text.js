// copy-text.js: copies the words of another element. Where the browser keeps its clipboard to pages with TLS, it marks them.

class CopyText extends HTMLElement {
  #listening

  connectedCallback() {
    this.#listening = new AbortController()
    const button = this.querySelector("button")
    button.hidden = false
    button.addEventListener("click", () => this.#copy(), { signal: this.#listening.signal })
  }

  disconnectedCallback() {
    this.#listening.abort()
  }

  async #copy() {
    const source = document.getElementById(this.getAttribute("from"))
    const copied = (await written(source.textContent)) || marked(source)
    this.querySelector("[role=status]").textContent = copied ? this.dataset.done : this.dataset.failed
  }
}

async function written(text) {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}

// The old way works without TLS as well; the mark stays for people's own hands.
function marked(element) {
  getSelection().selectAllChildren(element)
  return document.execCommand("copy")
}

customElements.define("copy-text", CopyText)
