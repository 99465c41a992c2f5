import Testing

struct PrintableTextTests {
  @Test(arguments: [
    ("plain, with 'quotes'", "plain, with 'quotes'"), ("\u{1b}[2J", "\\u{1B}[2J"),
    ("a\nb\tc", "a\\u{A}b\\u{9}c"), ("\u{9b}31m", "\\u{9B}31m"), ("\u{202e}abc", "\\u{202E}abc"),
    ("\u{2028}", "\\u{2028}"), ("日本 é 🛰", "日本 é 🛰"), ("\r\n", "\\u{D}\\u{A}"), ("", ""),
  ])
  func oneLineWithoutControl(text: String, shown: String) { #expect(text.printable == shown) }

  @Test func linesStayWhereTheProgramMadeThem() {
    #expect("two\n\tlines\u{7}".printableLines == "two\n\tlines\\u{7}")
  }

  @Test func aFactHasAnEnd() {
    #expect(String(repeating: "x", count: 5000).printableFact.count == 303)
  }

  @Test func markdownHasNoMarkup() {
    let text = "a|b <img> `x` [y](z) & *w*"
    #expect(text.markdownText == "a\\|b &lt;img&gt; \\`x\\` \\[y\\](z) &amp; \\*w\\*")
  }
}
