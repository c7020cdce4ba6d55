/** Words of the filler's keys. None is `uid` or `ts`; a group field of the same name is left out by the renderer. */
export const keyWords: readonly string[] = (
  'amber anchor basin beacon birch bridge canvas cedar chalk cliff cobalt coral delta drift ember fable fern ' +
  'field flint gable garnet glade grove harbor hazel heron inlet island ivory jasper kelp lantern ledge linen ' +
  'maple marsh meadow moss nectar oasis opal orchard pebble pine quartz quay reef ridge river saddle shale ' +
  'slope spruce summit alder barley brook cairn clover copse dune fjord gorge granite hollow juniper lagoon lichen ' +
  'mesa moor osprey plover prairie rowan thicket tide timber tundra valley velvet willow winter yarrow zephyr __proto__ constructor ' +
  'é ключ a.b uid. ts,'
).split(' ')

/** Words of the filler's strings. */
export const textWords: readonly string[] = (
  'the ferry leaves before dawn and carries salt wool copper lamps across quiet water while gulls circle above ' +
  'old stone piers where children count boats painted green red white each morning someone rings a small bell ' +
  'twice then waits for an answer from hills beyond'
).split(' ')

/** Whole sentences in Cyrillic, so that lines hold UTF-8 of two bytes a letter. */
export const cyrillicTexts: readonly string[] = [
  'Паром уходит до рассвета',
  'Над водой кружат чайки',
  'Старый мост скрипит на ветру',
  'Утром звонят в колокол дважды',
  'Лодки красят в зелёный цвет',
  'За холмами начинается степь',
]

/** What stands between the words of a string: every escape of JSON, a surrogate pair and a plain blank. */
export const joiners: readonly string[] = [
  ' ',
  ' ',
  '\\b',
  '\\f',
  '\\n',
  '\\r',
  '\\t',
  '\\"',
  '\\\\',
  '\\/',
  '\\u0061',
  '\\u2028',
  '\\ud83d\\ude80',
  ' — ',
]
