// Search of the showcase. On a server it asks the Pagefind index; from a folder it looks through the titles instead.
// Sends nothing anywhere and keeps nothing.
(() => {
  const script = document.currentScript;
  const form = document.getElementById('search');
  const input = document.getElementById('q');
  const category = document.getElementById('category');
  const township = document.getElementById('township');
  const year = document.getElementById('year');
  const status = document.getElementById('status');
  const list = document.getElementById('results');
  const more = document.getElementById('more');
  const pageSize = 10;
  let run = 0;

  const element = (name, className, text) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  };

  // Pagefind's excerpts hold <mark> around the words found: rebuilt as elements, never taken over as HTML.
  const marked = (excerpt) => {
    const made = element('p', 'card-summary');
    for (const part of new DOMParser().parseFromString(excerpt, 'text/html').body.childNodes) {
      made.append(part.nodeName === 'MARK' ? element('mark', '', part.textContent) : document.createTextNode(part.textContent));
    }
    return made;
  };

  const show = (found) => {
    const item = element('li');
    const title = element('h3', 'card-title');
    const link = element('a', '', found.title);
    link.href = found.href;
    title.append(link);
    item.append(title, found.excerpt ? marked(found.excerpt) : element('p', 'card-summary', found.summary));
    item.append(element('p', 'card-meta', [found.school, found.township, found.category].filter(Boolean).join(' · ')));
    list.append(item);
  };

  // Words as the index cuts them: Pagefind wants blanks between Chinese words.
  const words = (text) => {
    if (!('Segmenter' in Intl)) return text;
    const parts = [...new Intl.Segmenter('zh', { granularity: 'word' }).segment(text)];
    return parts
      .filter((part) => part.isWordLike)
      .map((part) => part.segment)
      .join(' ');
  };

  let pagefind;
  const openPagefind = async () => {
    if (!pagefind) {
      pagefind = await import(new URL('../pagefind/pagefind.js', script.src).href);
      await pagefind.options({ excerptLength: 40 });
      await pagefind.init();
      // The index stands in several parts; each further one is a few kilobytes.
      for (let part = 1; part < Number(script.dataset.indexes); part += 1)
        await pagefind.mergeIndex(new URL(`../pagefind/${part}/`, script.src).href);
    }
    return pagefind;
  };

  const askPagefind = async (text) => {
    const engine = await openPagefind();
    const filters = {};
    if (category.value) filters.类别 = category.value;
    if (township.value) filters.乡镇 = township.value;
    if (year.value) filters.年度 = year.value;
    const options = text ? { filters } : { filters, sort: { day: 'desc' } };
    // The exact words first; where nothing holds them, what comes near.
    const wanted = words(text) || text;
    const exact = await engine.search(wanted ? `"${wanted.split('"').join(' ')}"` : null, options);
    const loose = exact.results.length === 0 && text !== '';
    const answer = loose ? await engine.search(wanted, options) : exact;
    return {
      loose,
      count: answer.results.length,
      load: async (from) => {
        const data = await Promise.all(answer.results.slice(from, from + pageSize).map((result) => result.data()));
        return data.map((entry) => ({
          href: new URL(`..${entry.raw_url || entry.url}`, script.src).href,
          title: entry.meta.title,
          excerpt: entry.excerpt,
          school: entry.meta.school,
          township: entry.meta.township,
          category: entry.meta.category,
        }));
      },
    };
  };

  const loadTitles = () =>
    new Promise((resolve, reject) => {
      if (window.kehouTitles) return resolve(window.kehouTitles);
      const tag = element('script');
      tag.src = script.dataset.titles;
      tag.onload = () => resolve(window.kehouTitles || []);
      tag.onerror = () => reject(new Error('titles.js'));
      document.head.append(tag);
    });

  const askTitles = async (text) => {
    const all = await loadTitles();
    const wanted = text.toLowerCase().split(/\s+/).filter(Boolean);
    const found = all.filter(
      (row) =>
        (!category.value || row[4] === category.value) &&
        (!township.value || row[3] === township.value) &&
        (!year.value || row[6] === year.value) &&
        wanted.every((word) => row.slice(1, 6).join(' ').toLowerCase().includes(word)),
    );
    return {
      count: found.length,
      load: async (from) =>
        found.slice(from, from + pageSize).map((row) => ({
          href: new URL(`../${row[0]}`, script.src).href,
          title: row[1],
          school: row[2],
          township: row[3],
          category: row[4],
          summary: row[5],
        })),
    };
  };

  const fromFolder = location.protocol === 'file:';

  const ask = async (text) => {
    if (fromFolder) return { ...(await askTitles(text)), onlyTitles: true };
    try {
      const answer = await askPagefind(text);
      if (answer.count > 0 && !answer.loose) return answer;
      // The index knows whole words only; a part of a title is nearer than words that merely look alike.
      const titles = { ...(await askTitles(text)), onlyTitles: true };
      return titles.count > 0 || answer.count === 0 ? titles : answer;
    } catch {
      return { ...(await askTitles(text)), onlyTitles: true };
    }
  };

  const search = async () => {
    const text = input.value.trim();
    run += 1;
    const mine = run;
    if (!text && !category.value && !township.value && !year.value) {
      list.textContent = '';
      more.hidden = true;
      status.textContent = fromFolder ? '现在是从文件夹打开的\uff0c只能搜索标题、学校和摘要开头\uff1b放到服务器上可以搜索全文。' : '';
      return;
    }
    status.textContent = '正在搜索……';
    try {
      const answer = await ask(text);
      const first = await answer.load(0);
      if (mine !== run) return;
      list.textContent = '';
      first.forEach(show);
      let shown = first.length;
      const how = answer.onlyTitles ? '\uff08按标题、学校和摘要开头查找\uff09' : answer.loose ? '\uff08没有完全一致的\uff0c以下内容相近\uff09' : '';
      status.textContent = answer.count === 0 ? '没有找到\uff0c换个词试试\uff0c或按下面的目录查找。' : `找到 ${answer.count} 个案例${how}。`;
      more.hidden = shown >= answer.count;
      more.onclick = async () => {
        const next = await answer.load(shown);
        if (mine !== run) return;
        next.forEach(show);
        shown += next.length;
        more.hidden = shown >= answer.count;
      };
    } catch {
      status.textContent = '搜索没有成功\uff0c请刷新后再试\uff0c或按下面的目录查找。';
    }
  };

  const remember = () => {
    const query = new URLSearchParams();
    for (const field of [input, category, township, year]) if (field.value.trim()) query.set(field.name, field.value.trim());
    history.replaceState(null, '', String(query) !== '' ? `?${query}` : location.pathname);
  };

  let timer;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    clearTimeout(timer);
    remember();
    search();
  });
  input.addEventListener('input', (event) => {
    if (event.isComposing) return;
    clearTimeout(timer);
    timer = setTimeout(search, 250);
  });
  input.addEventListener('compositionend', () => {
    clearTimeout(timer);
    timer = setTimeout(search, 250);
  });
  category.addEventListener('change', search);
  township.addEventListener('change', search);
  year.addEventListener('change', search);

  const query = new URLSearchParams(location.search);
  input.value = query.get('q') || '';
  category.value = query.get('category') || '';
  township.value = query.get('township') || '';
  year.value = query.get('year') || '';
  search();
})();
