// programme-slides.js: the slides that say what the programme says.

import "wall/talk-slide"
import "wall/countdown-slide"
import "wall/next-slide"
import "wall/nownext-slide"
