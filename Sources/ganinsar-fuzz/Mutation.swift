/// Mutates inputs at random; the same generator gives the same mutations.
struct Mutation {
  private var random: SplitMix

  init(seed: UInt64) { random = SplitMix(state: seed) }

  /// An input made from one of `seeds`, with one to eight changes in one or two of its files.
  mutating func input(from seeds: [FuzzCase], ownCount: Int) -> FuzzCase {
    // Mostly the reader's own kind, with which `seeds` begins.
    var result = seeds[below(below(4) == 0 ? seeds.count : ownCount)]
    let names = result.files.keys.sorted()
    guard !names.isEmpty else { return result }
    for _ in 0..<(below(4) == 0 ? 2 : 1) {
      let name = names[below(names.count)]
      var bytes = result.files[name] ?? []
      for _ in 0..<(1 << max(0, below(6) - 2)) {
        // Headers matter most, and most files begin with them.
        let reach = below(3) == 0 ? bytes.count : min(bytes.count, 64 << below(7))
        if isText(bytes) && below(5) != 0 {
          changeText(&bytes, reach)
        } else {
          changeBytes(&bytes, reach, others: seeds)
        }
      }
      result.files[name] = Array(bytes.prefix(1 << 22))
    }
    return result
  }

  private mutating func below(_ bound: Int) -> Int { Int(random.next() % UInt64(max(1, bound))) }

  private func isText(_ bytes: [UInt8]) -> Bool {
    let start = bytes.prefix(512)
    return !start.isEmpty
      && start.count { ($0 >= 32 && $0 < 127) || $0 == 10 || $0 == 13 || $0 == 9 } * 20
        >= start.count * 19
  }

  // MARK: - Bytes

  private mutating func changeBytes(_ bytes: inout [UInt8], _ reach: Int, others: [FuzzCase]) {
    guard !bytes.isEmpty else {
      bytes = (0..<below(64)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      return
    }
    let place = below(reach)
    switch below(10) {
    case 0: bytes[place] ^= 1 << UInt8(below(8))
    case 1: bytes[place] = [0, 1, 0x7f, 0x80, 0xff, 0x20][below(6)]
    case 2: bytes[place] = UInt8(truncatingIfNeeded: random.next())
    case 3, 4, 5: putNumber(&bytes, place)
    case 6: bytes.removeSubrange(place..<min(bytes.count, place + 1 + below(64)))
    case 7:
      let piece = bytes[place..<min(bytes.count, place + 1 + below(256))]
      bytes.insert(contentsOf: Array(piece), at: below(bytes.count))
    case 8: bytes = Array(bytes.prefix(place))
    default:
      let other = others[below(others.count)].files.values.max { $0.count < $1.count } ?? []
      guard !other.isEmpty else { return }
      let from = below(other.count)
      let piece = other[from..<min(other.count, from + 1 + below(512))]
      bytes.replaceSubrange(
        place..<min(bytes.count, place + piece.count), with: Array(piece))
    }
  }

  private static let numbers: [Int64] = [
    0, 1, -1, 2, 3, 7, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 40_000, 65_536, 0xff_ffff,
    0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 1 << 40, 1 << 62, .max, .min,
  ]

  private mutating func putNumber(_ bytes: inout [UInt8], _ place: Int) {
    let width = [2, 4, 8][below(3)]
    var number = Self.numbers[below(Self.numbers.count)]
    if below(4) == 0 { number = Int64(below(4096)) }
    var encoded = (0..<width).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    if below(2) == 0 { encoded.reverse() }
    let aligned = below(2) == 0 ? place : place / width * width
    for (index, byte) in encoded.enumerated() where aligned + index < bytes.count {
      bytes[aligned + index] = byte
    }
  }

  // MARK: - Text

  private static let words = [
    "0", "-1", "1e308", "-1e308", "nan", "inf", "9223372036854775807", "99999999999999999999",
    "2147483648", "65536", "40000", "0.0000001", "1e-320", "null", "true", "[]", "{}", "\"\"", "~",
    "\u{1b}[31m", "\u{202e}", "/etc/passwd", "../../x", "/vsicurl/http://127.0.0.1:9/x", "\n", "\t",
    "<VRTDataset>", "&a", "*a", "!!binary", "-", "[[[[[[[[", "{{{{{{{{", "\u{feff}",
  ]

  private mutating func changeText(_ bytes: inout [UInt8], _ reach: Int) {
    guard !bytes.isEmpty else { return }
    func isDigit(_ byte: UInt8) -> Bool { byte >= 48 && byte < 58 }
    let place = below(reach)
    let word = Array(Self.words[below(Self.words.count)].utf8)
    switch below(6) {
    case 0, 1:  // replace a number by another word
      guard let start = bytes[place...].firstIndex(where: isDigit) else { return }
      let end = bytes[start...].firstIndex { !isDigit($0) } ?? bytes.count
      bytes.replaceSubrange(start..<end, with: word)
    case 2: bytes.insert(contentsOf: word, at: place)
    case 3:  // duplicate or remove a line
      let start = bytes[..<place].lastIndex(of: 10).map { $0 + 1 } ?? 0
      let end = bytes[place...].firstIndex(of: 10).map { $0 + 1 } ?? bytes.count
      if below(2) == 0 {
        bytes.removeSubrange(start..<end)
      } else {
        bytes.insert(contentsOf: Array(bytes[start..<end]), at: start)
      }
    case 4: bytes.removeSubrange(place..<min(bytes.count, place + 1 + below(16)))
    default: bytes[place] = [34, 39, 44, 58, 91, 93, 123, 125, 60, 62, 32, 10][below(12)]
    }
  }
}

/// Source: Vigna, splitmix64.
struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
    return value ^ (value >> 31)
  }
}
