// Every word of the page itself, in the languages a person in the demo may speak.
// What Wayfinder says comes from its own catalogues; this is only the paper around it.

const WORDS = {
  en: {
    title: "Wayfinder demo",
    skip: "Skip to the message box",
    people: "Who are you today?",
    you: "You are",
    tagline: "Your colleague for the new CRM",
    clock: "The demo's clock",
    morning: "Next morning",
    week: "Next week",
    moving: "Moving the clock …",
    log: "Conversation with Wayfinder",
    them: "Wayfinder",
    me: "You",
    find: "Find in CRM",
    findHint: "Find in CRM: where do I log a call?",
    findGo: "Find",
    write: "Write to Wayfinder",
    send: "Send",
    keys: "Enter sends, Shift + Enter starts a new line.",
    empty: "Nothing has been said yet.",
    fresh: "new messages",
    latest: "New message below",
    required: "Fields marked * are needed.",
    missing: "Please fill this in.",
    offline: "The connection is gone. I keep trying to get it back.",
    failed: {
      say: "That did not arrive. Your words are still here; send them again.",
      tap: "That did not arrive. Nothing has changed; press again.",
      fill: "The form did not arrive. What you filled in is still here; send it again.",
      clock: "The clock did not move. Try it again in a moment.",
      people: "The people could not be loaded. Reload the page.",
      long: "That is too long to send at once. Shorten it, or send it in parts.",
      slow: "It was kept, but the answer takes longer than usual. It will appear here by itself.",
    },
  },
  nl: {
    title: "Wayfinder-demo",
    skip: "Naar het berichtvak",
    people: "Wie ben je vandaag?",
    you: "Jij bent",
    tagline: "Je collega voor het nieuwe CRM",
    clock: "De klok van de demo",
    morning: "Volgende ochtend",
    week: "Volgende week",
    moving: "De klok gaat vooruit …",
    log: "Gesprek met Wayfinder",
    them: "Wayfinder",
    me: "Jij",
    find: "Zoek in het CRM",
    findHint: "Zoek in het CRM: waar leg ik een gesprek vast?",
    findGo: "Zoek",
    write: "Schrijf aan Wayfinder",
    send: "Verstuur",
    keys: "Enter verstuurt, Shift + Enter begint een nieuwe regel.",
    empty: "Er is nog niets gezegd.",
    fresh: "nieuwe berichten",
    latest: "Nieuw bericht hieronder",
    required: "Velden met een * zijn nodig.",
    missing: "Vul dit nog in.",
    offline: "De verbinding is weg. Ik probeer haar te herstellen.",
    failed: {
      say: "Dat is niet aangekomen. Je tekst staat er nog; verstuur hem opnieuw.",
      tap: "Dat is niet aangekomen. Er is niets veranderd; druk nog eens.",
      fill: "Het formulier is niet aangekomen. Wat je invulde staat er nog; verstuur het opnieuw.",
      clock: "De klok is niet verzet. Probeer het zo nog eens.",
      people: "De mensen konden niet worden geladen. Laad de pagina opnieuw.",
      long: "Dat is te lang om in één keer te versturen. Maak het korter of verstuur het in delen.",
      slow: "Het is bewaard, maar het antwoord duurt langer dan anders. Het verschijnt hier vanzelf.",
    },
  },
};

/** Return the page's words in a language, or in English where it has none. */
export function words(language) {
  return WORDS[language] ?? WORDS.en;
}

/** Put the page's words where the page asks for them with data-word or data-word-label. */
export function translate(root, language) {
  const said = words(language);
  for (const place of root.querySelectorAll("[data-word]")) {
    place.textContent = said[place.dataset.word];
  }
  for (const place of root.querySelectorAll("[data-word-hint]")) {
    place.placeholder = said[place.dataset.wordHint];
  }
  for (const place of root.querySelectorAll("[data-word-label]")) {
    place.setAttribute("aria-label", said[place.dataset.wordLabel]);
  }
  document.documentElement.lang = language in WORDS ? language : "en";
  document.title = said.title;
}
