// Favorites: kept in this browser, as the state that makes them and a small picture.

const favoritesKey = "ganinsar-studio-favorites";
const mostFavorites = 60;

function readFavorites() {
  try {
    const kept = JSON.parse(localStorage.getItem(favoritesKey) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one) => typeof one?.state === "string" && typeof one?.picture === "string"
      && one.picture.startsWith("data:image/png;base64,")) : [];
  } catch {
    return [];
  }
}

class Favorites {
  constructor(onchoose) {
    this.onchoose = onchoose;
    this.kept = readFavorites();
    this.list = el("ul", {class: "tiles"});
    this.hint = el("p", {class: "hint"}, "None yet. ★ or the key F keeps the map that is shown, with all settings, in this browser.");
    this.element = el("section", {"aria-labelledby": "favorites-title"},
      el("div", {class: "sectionhead"}, el("h2", {id: "favorites-title"}, "Favorites"),
        button("Copy their commands", {class: "plain favoritecommands"}, () => this.copyCommands())),
      this.hint, this.list);
    this.show();
  }

  has(text) { return this.kept.some((one) => one.state === text); }

  toggle(text, label, command, canvas) {
    if (this.has(text)) {
      this.kept = this.kept.filter((one) => one.state !== text);
      announce("Removed from the favorites");
    } else {
      const small = el("canvas", {width: 96, height: 96});
      const context = small.getContext("2d");
      context.imageSmoothingEnabled = canvas.width > 96;
      context.drawImage(canvas, 0, 0, 96, 96);
      this.kept = [{state: text, label, command, picture: small.toDataURL("image/png")}, ...this.kept].slice(0, mostFavorites);
      announce("Kept as a favorite");
    }
    this.save();
  }

  save() {
    try {
      localStorage.setItem(favoritesKey, JSON.stringify(this.kept));
    } catch {
      announce("This browser keeps nothing: favorites are lost with the page.");
    }
    this.show();
  }

  copyCommands() {
    copyText(this.kept.map((one, i) => String(one.command ?? "").replace(" -o map ", ` -o favorite-${i + 1} `)).join("\n"),
      `${this.kept.length} commands`);
  }

  show() {
    this.hint.hidden = this.kept.length > 0;
    this.element.querySelector(".favoritecommands").hidden = this.kept.length === 0;
    this.list.replaceChildren(...this.kept.map((one) => {
      const label = String(one.label ?? "");
      return el("li", {},
        el("button", {type: "button", class: "tile", "aria-label": `show ${label}`, title: label, onclick: () => this.onchoose(one.state)},
          el("img", {src: one.picture, alt: "", width: 96, height: 96})),
        el("div", {class: "tilefoot"}, el("span", {class: "caption"}, label),
          el("button", {type: "button", class: "remove", "aria-label": `remove ${label}`, onclick: () => {
            this.kept = this.kept.filter((other) => other !== one);
            this.save();
          }}, "×")));
    }));
  }
}
