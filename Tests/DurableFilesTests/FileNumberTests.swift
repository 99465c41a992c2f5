import Testing

@Suite struct FileNumberTests {
  @Test(arguments: [(0, 5, "00000"), (42, 5, "00042"), (123_456, 5, "123456"), (7, 1, "7")])
  func leadingZerosNeverCutANumber(number: Int, digits: Int, text: String) {
    #expect(number.zeroPadded(digits) == text)
  }
}
