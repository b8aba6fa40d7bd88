// event-slides.js: the slides that say what the event itself has to say.

import "wall/invite-slides"
import "wall/notice-slide"
import "wall/placards-slide"
