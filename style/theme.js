// The app keeps the choice; see `app/src/ui/theme.rs`. Storage may be switched off.
try {
  const theme = localStorage.getItem("nimbus.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {}
