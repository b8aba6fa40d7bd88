// guest.pack.js: what the pages with tabs need, wherever a guest is.

import "agenda/answer-box"
import "agenda/four-questions"
import "agenda/star-box"
import "agenda/star-button"
import "agenda/star-news"
import "agenda/star-shelf"
import "agenda/stars"
import "agenda/told-moves"
import "eventhub/offline"
