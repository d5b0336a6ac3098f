"""Two invented processes that use every part of the engine: repairs of books, and orders of parts for them."""

from engine.definition.check import check
from engine.definition.load import load_text
from tests.world import World

LISTS = """
lists:
  roles:
    label: {sv: Roller, en: Roles}
    codes:
      clerk: {sv: biträde, en: clerk}
      keeper: {sv: vårdare, en: keeper}
      head: {sv: chef, en: head}
      guard: {sv: väktare, en: guard}
  damage:
    label: {sv: Skada, en: Damage}
    codes:
      wet: {sv: Väta, en: Wet, children: {wet_mould: {sv: Mögel, en: Mould}}}
      torn: {sv: Riven, en: Torn}
      eaten: {sv: Uppäten, en: Eaten, retired: true}
  grade:
    label: {sv: Grad, en: Grade}
    codes:
      1: {sv: Liten, en: Small}
      2: {sv: Mellan, en: Medium}
      3: {sv: Stor, en: Great}
"""

ORDER = """
process: order
version: 1
reference: ORD
label: {sv: Beställning, en: Order}
title: "{kind}, {unit}"
roles: {keeper: content, head: content, guard: none}
marks: {sealed: {label: {sv: Förseglad, en: Sealed}, admits: [guard]}}
links:
  for_repair: {label: {sv: till lagning, en: for repair}, reverse: {sv: beställning, en: order}}
fields:
  what: {type: text, label: {sv: Vad, en: What}}
  kind: {type: choice, list: damage, statistics: true, label: {sv: Sort, en: Kind}}
  came: {type: date, label: {sv: Kom, en: Came}, statistics: true}
states:
  wanted: {label: {sv: Önskad, en: Wanted}, expects: [receive]}
  here: {label: {sv: Här, en: Here}, final: true}
  never: {label: {sv: Aldrig, en: Never}, final: true}
steps:
  ask:
    label: {sv: Begär, en: Ask}
    opens: wanted
    by: [keeper, head]
    asks: [what]
    may_ask: [kind]
    link_for: for_repair
  receive: {label: {sv: Ta emot, en: Receive}, from: [wanted], to: here, by: [keeper], asks: [came]}
  drop: {label: {sv: Stryk, en: Drop}, from: [wanted], to: never, by: [keeper]}
"""

REPAIR = """
process: repair
version: 1
reference: REP
label: {sv: Lagning, en: Repair}
title: "{damage}, {unit}"
happened: found
feedback: {within: 14 days}
parameters:
  days: {type: period, default: 5 working days, label: {sv: Dagar, en: Days}}
roles: {keeper: content, head: content, guard: none}
marks: {sealed: {label: {sv: Förseglad, en: Sealed}, admits: [guard], keeps_for: [head]}}
headings: {seen: {sv: Sett, en: Seen}, said: {sv: Sagt, en: Said}, verdict: {sv: Utslag, en: Verdict}}
links:
  for_repair: {label: {sv: till lagning, en: for repair}, reverse: {sv: beställning, en: order}}
  like: {label: {sv: liknar, en: like}, reverse: {sv: liknar, en: like}}
fields:
  story: {type: text, label: {sv: Berättelse, en: Story}}
  found: {type: datetime, label: {sv: Hittad, en: Found}, statistics: true, unknown: allowed, past: true}
  damage: {type: choice, list: damage, label: {sv: Skada, en: Damage}, statistics: true, unknown: allowed}
  also: {type: choices, list: damage, label: {sv: Också, en: Also}, statistics: true}
  how_bad: {type: scale, list: grade, label: {sv: Hur illa, en: How bad}, statistics: true, unknown: allowed}
  how_dear: {type: scale, list: grade, label: {sv: Hur dyr, en: How dear}, statistics: true, unknown: allowed}
  risk: {type: number, computed: {product: [how_bad, how_dear]}, label: {sv: Risk, en: Risk}, statistics: true}
  why: {type: text, label: {sv: Varför, en: Why}}
  to_unit: {type: unit, label: {sv: Till, en: To}}
  mender: {type: person, label: {sv: Lagare, en: Mender}}
  causes:
    type: table
    label: {sv: Orsaker, en: Causes}
    columns:
      kind: {type: choice, list: damage, label: {sv: Sort, en: Kind}, required: true, statistics: true}
      text: {type: text, label: {sv: Text, en: Text}}
  sent:
    type: table
    label: {sv: Skickat, en: Sent}
    columns:
      whom: {type: text, label: {sv: Vem, en: Whom}, required: true}
      day: {type: date, label: {sv: Dag, en: Day}, past: true}
  result: {type: text, label: {sv: Resultat, en: Result}}
  price: {type: money, label: {sv: Pris, en: Price}, statistics: true}
  until: {type: date, label: {sv: Klar senast, en: Ready by}, statistics: true}
  flag: {type: yes_no, label: {sv: Flagga, en: Flag}, statistics: true}
  twin: {type: case, link: like, label: {sv: Tvilling, en: Twin}}
states:
  told: {label: {sv: Anmäld, en: Told}, expects: [look, {step: confirm, when: {equals: {damage: torn}}}]}
  asked: {label: {sv: Frågad, en: Asked}, expects: [answer]}
  open: {label: {sv: Öppen, en: Open}, expects: [{step: finish, by: [assignee]}]}
  waiting: {label: {sv: Väntar, en: Waiting}, expects: [close]}
  away: {label: {sv: Borta, en: Away}, locks: [fields]}
  done: {label: {sv: Klar, en: Done}, final: true, locks: [fields, entries]}
steps:
  tell:
    label: {sv: Anmäl, en: Tell}
    opens: told
    by: [anyone]
    asks: [story]
    may_ask: [found, damage, also, {field: why, when: {within: {damage: wet}}}]
    tells: [{who: [keeper], text: {sv: Något har anmälts., en: Something was told.}}]
  question: {label: {sv: Fråga, en: Question}, from: [told], to: asked, by: [keeper], asks: [why]}
  answer: {label: {sv: Svara, en: Answer}, from: [asked], to: told, by: [reporter], asks: [story]}
  look:
    label: {sv: Titta, en: Look}
    from: [told]
    to: open
    by: [keeper]
    not_person_in: [tell]
    asks: [damage, how_bad, how_dear, mender, {field: why, when: {at_least: {risk: 6}}}]
    sets: {assignee: $mender, flag: "true"}
    due: {period: $days, from: tell, pauses_in: [asked]}
    warns: [{name: dear, when: {at_least: {how_dear: 3}}, text: {sv: Det blir dyrt., en: It will be dear.}}]
  confirm: {label: {sv: Bekräfta, en: Confirm}, from: any_open, stays: true, by: [head], once: true}
  note: {label: {sv: Anteckna, en: Note}, from: any_open, stays: true, by: [keeper, head], entry: [seen, said]}
  move:
    label: {sv: Flytta, en: Move}
    from: any_open
    stays: true
    by: [keeper]
    asks: [to_unit]
    sets: {unit: $to_unit}
  send:
    label: {sv: Skicka, en: Send}
    from: any_open
    stays: true
    by: [keeper]
    adds_row: sent
    asks: [whom]
    may_ask: [day]
  finish:
    label: {sv: Gör klart, en: Finish}
    from: [open]
    to: waiting
    by: [{person_in: mender}]
    asks: [causes]
    may_ask: [price, until, also]
    when:
      - each_row: {causes: {any: [{linked_row: for_repair}, {filled: text}]}}
      - entries_cover: [seen]
  close:
    label: {sv: Avsluta, en: Close}
    from: [waiting]
    to: done
    by: [keeper, system]
    automatic: true
    when: [{linked: {kind: for_repair, at_least: 1, where: {not: {in_state: [never]}}, each: {is_final: true}}}]
  judge:
    label: {sv: Döm, en: Judge}
    from: [waiting]
    to: done
    by: [head]
    asks: [result]
    when: [{different_person_from: look}, {not: {equals: {damage: torn}}}]
    writes_entry: {heading: verdict, from: [result]}
    due: {name: ready, period: 0 days, from: until}
  hand_over:
    label: {sv: Lämna över, en: Hand over}
    from: {except: [away]}
    to: away
    by: [anyone]
    asks: [why]
    opens_case: {process: order, step: ask, link: for_repair, copies: {what: why, kind: damage}}
    hands_over: {to: guard, mark: sealed, keeps: read}
  give_back: {label: {sv: Ge tillbaka, en: Give back}, from: [away], to: told, by: [guard], returns: {mark: sealed}}
  reopen: {label: {sv: Öppna igen, en: Reopen}, from: [done], to: open, by: [head], asks: [why], reopens: true}
  twin_of: {label: {sv: Koppla, en: Twin}, from: any_open, stays: true, by: [keeper], asks: [twin]}
"""

WHISPERING = REPAIR.replace("version: 1", "version: 2", 1).replace(
    "keeps_for: [head]}}",
    "keeps_for: [head]}, hushed: {label: {sv: Tystad, en: Hushed}, admits: [guard]}}",
).replace("  question: {", """  whisper:
    label: {sv: Viska, en: Whisper}
    opens: told
    by: [anyone]
    asks: [story]
    may_ask: [damage, found]
    link_for: like
    marks: [{mark: sealed, keeps: read}, {mark: hushed, when: {equals: {damage: wet_mould}}}]
  question: {""")  # fmt: skip
"""Repairs that can be told of in secret too."""

PEOPLE = {
    "kim": [("clerk", "bjork")],
    "lo": [("clerk", "ek")],
    "keeper": [("keeper", "bjork")],
    "mender": [],
    "head": [("head", "forv")],
    "guard": [("guard", "forv")],
    "both": [("keeper", "omr"), ("head", "omr")],
}


def new_world(repair_text=REPAIR, **more):
    """A world of both processes, sound ones."""
    order, repair = load_text(ORDER, LISTS), load_text(repair_text, LISTS)
    known = {"order": order.process, "repair": repair.process}
    found = [(one.path, one.message.id) for document in (order, repair) for one in check(document, known)]
    assert not found
    return World((order, repair), {**PEOPLE, **more.pop("people", {})}, **more)
