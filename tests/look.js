// What looks at a page in a browser share: look.html and grey.html.
"use strict";
const lines = [];

// WCAG 2.1, relative luminance and contrast ratio.
function luminance(colour) {
	const part = colour.map(v => v / 255).map(v =>
		v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
	return 0.2126 * part[0] + 0.7152 * part[1] + 0.0722 * part[2];
}
function contrast(a, b) {
	const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
	return (high + 0.05) / (low + 0.05);
}
function parse(text) {
	const n = text.match(/[\d.]+/g).map(Number);
	return { rgb: n.slice(0, 3), alpha: n.length > 3 ? n[3] : 1 };
}
function ground(view, element) {
	for (; element; element = element.parentElement) {
		const c = parse(view.getComputedStyle(element).backgroundColor);
		if (c.alpha > 0)
			return c.rgb;
	}
	return [255, 255, 255];
}

// each_text(page, look): look(text, element) for every text that is shown.
function each_text(page, look) {
	const walker = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT);
	while (walker.nextNode()) {
		const text = walker.currentNode.data.trim();
		const parent = walker.currentNode.parentElement;
		if (text !== "" && !parent.closest("style,title") &&
		    parent.getClientRects().length > 0)
			look(text, parent);
	}
}
function colour_of(view, element) {
	const style = view.getComputedStyle(element);
	return parse(element.closest("svg") ? style.fill : style.color).rgb;
}

function tell() {
	document.getElementById("found").textContent = lines.join("\n");
}
