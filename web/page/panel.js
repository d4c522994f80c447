// The panel that says why the page does not run: what happened, what to do, and whether the work is kept. A plain script in an old
// dialect, so that a browser too old for the page's modules shows it too; it also looks whether the browser has all that is needed.

(function () {
  'use strict';

  var needs =
    'A current browser has all that is needed: Chrome and Edge from version 95 on, Firefox from 100, Safari from 16.4.';

  /* Smallest modules with a vector instruction, and with a try block. */
  var simd = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11];
  var exceptions = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 8, 1, 6, 0, 6, 64, 25, 11, 11];

  function accepts(module) {
    try {
      return WebAssembly.validate(new Uint8Array(module));
    } catch (error) {
      return false;
    }
  }

  function hasWebGl2() {
    try {
      var context = document.createElement('canvas').getContext('webgl2');
      var extension = context && context.getExtension('WEBGL_lose_context');
      if (extension) extension.loseContext(); /* it is not needed, and browsers give few */
      return Boolean(context);
    } catch (error) {
      return false;
    }
  }

  /** What this browser lacks, as show() takes it, or null. */
  function missing() {
    var browser = { title: 'This browser cannot run LeNet Lab', todo: needs };
    if (location.protocol === 'file:') {
      browser.title = 'LeNet Lab needs a web server';
      browser.happened = 'The page was opened as a file, and browsers run no program from there.';
      browser.todo = 'In the folder of the page, run “python3 -m http.server” and open http://localhost:8000; or put the folder on any web server.';
    } else if (!('noModule' in document.createElement('script'))) {
      browser.happened = 'It is too old: it does not know JavaScript modules.';
    } else if (typeof WebAssembly !== 'object') {
      browser.happened = 'It has no WebAssembly, in which the network is computed.';
    } else if (!/[?&]build=scalar\b/.test(location.search) && !accepts(simd)) {
      browser.happened = 'Its WebAssembly has no SIMD, the instructions with which the network is computed fast enough to watch.';
    } else if (!WebAssembly.Exception || !accepts(exceptions)) {
      browser.happened = 'Its WebAssembly has no exceptions, which the program needs.';
    } else if (!hasWebGl2()) {
      browser.happened = 'It gives no WebGL 2, with which the page draws.';
      browser.todo = 'Look in its settings whether graphics (hardware) acceleration is switched off, update the graphics driver, or try another browser. ' + needs;
    } else {
      return null;
    }
    return browser;
  }

  function setText(id, text) {
    var element = document.getElementById(id);
    element.textContent = text || '';
    element.hidden = !text;
  }

  /** Shows {title, happened, todo, kept} over everything else; sentences, of which the last two may be left out. */
  function show(problem) {
    document.getElementById('loading').hidden = true;
    setText('crash-title', problem.title);
    setText('crash-reason', problem.happened);
    setText('crash-todo', problem.todo);
    setText('crash-kept', problem.kept);
    document.getElementById('crash').hidden = false;
  }

  /* The page puts its own way to load itself again here. */
  function reload() {
    location.reload();
  }

  window.lenetPanel = { missing: missing, show: show, reload: reload };

  document.addEventListener('DOMContentLoaded', function () {
    document.getElementById('crash-reload').addEventListener('click', function () {
      window.lenetPanel.reload();
    });
  });

  /* The page's entry, lab.js, sets window.lab at once. Where it could not even begin, nobody else would say anything. */
  window.addEventListener('load', function () {
    if (window.lab) return;
    show(missing() || {
      title: 'LeNet Lab could not be loaded',
      happened: 'A part of the page did not arrive, or this browser is too old for it.',
      todo: 'Look whether this machine is online, and load the page again. ' + needs,
    });
  });
})();
