/** Light, dark, or as the system has it; remembered where the browser lets us. */

import { byId } from "./dom.js";

const THEMES = ["auto", "light", "dark"];

export function startTheme() {
  const button = byId("theme");
  let theme = read();
  const apply = () => {
    document.documentElement.dataset.theme = theme;
    button.textContent = `Theme: ${theme}`;
  };
  button.addEventListener("click", () => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
    apply();
    try {
      localStorage.setItem("theme", theme);
    } catch {
      // private browsing: the choice lasts as long as the page
    }
  });
  apply();
}

function read() {
  try {
    const stored = localStorage.getItem("theme");
    return THEMES.includes(stored) ? stored : "auto";
  } catch {
    return "auto";
  }
}
