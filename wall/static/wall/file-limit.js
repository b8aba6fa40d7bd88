// file-limit.js: says before anything is sent that a chosen file is too large. The server says it as well, but only afterwards.

class FileLimit extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", () => this.#look())
  }

  #look() {
    const input = this.querySelector("input[type=file]")
    const files = [...input.files]
    const heavy = files.find(({ size }) => size > Number(this.dataset.largest))
    const many = files.reduce((sum, { size }) => sum + size, 0) > Number(this.dataset.most)
    const words = heavy ? this.dataset.heavy.replace("{name}", () => heavy.name) : many ? this.dataset.many : ""
    const line = this.querySelector("[data-words]")
    line.textContent = words
    line.hidden = words === ""
    input.setCustomValidity(words)
    input.toggleAttribute("aria-invalid", words !== "")
  }
}

customElements.define("file-limit", FileLimit)
