// The steps of an issue: the one that is open is seen, and the last one forgets a number that was typed too early.
const steps = (() => {
  const {find} = forms;
  let shown = '';
  // On a phone not all of them have room; whoever scrolls on to another is left in peace.
  function show() {
    const tab = find('.tabs [aria-current]');
    if (!tab || tab.id === shown) return;
    shown = tab.id;
    const bar = tab.parentElement, end = tab.offsetLeft - bar.offsetLeft + tab.offsetWidth + 16;
    bar.scrollLeft = Math.max(bar.scrollLeft, end - bar.clientWidth);
  }
  // What has the focus would keep its value: a number below one sentence is no yes to another.
  function leave(here, fresh) {
    const form = here && here.closest('#send'), other = find('#send', fresh);
    if (form && (!other || other.getAttribute('action') !== form.getAttribute('action'))) here.blur();
  }
  return {show, leave};
})();
