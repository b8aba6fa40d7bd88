// colour.js: contrast by WCAG 2 and an event's accent made legible on our paper. Pure.

export const LEGIBLE = 7

export const parse = (hex) => (/^#[0-9a-f]{6}$/i.test(hex) ? [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) : null)

export const mix = (one, other, share) => one.map((value, at) => Math.round(value * (1 - share) + other[at] * share))

export const toHex = (rgb) => `#${rgb.map((value) => value.toString(16).padStart(2, "0")).join("")}`

function luminance(rgb) {
  const [r, g, b] = rgb.map((value) => {
    const part = value / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

export function contrast(one, other) {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a)
  return (light + 0.05) / (dark + 0.05)
}

// The accent itself where it is legible, else the nearest shade of it that is: towards ink on light paper, towards white on dark.
// Null when `hex` is not a colour.
export function palette(hex, paper, ink) {
  const accent = parse(hex)
  if (!accent) return null
  for (let share = 0; share <= 1; share += 0.05) {
    const shade = mix(accent, ink, share)
    const soft = mix(paper, shade, 0.14)
    if (contrast(shade, paper) < LEGIBLE || contrast(shade, soft) < 4.5) continue
    const onAccent = contrast(shade, [255, 255, 255]) >= contrast(shade, [6, 35, 29]) ? [255, 255, 255] : [6, 35, 29]
    return { accent: toHex(shade), onAccent: toHex(onAccent), soft: toHex(soft), rest: toHex(mix(paper, shade, 0.38)) }
  }
  return null
}
