/// Keeps account of connected pixels that come from connected pixels of the training image.
///
/// Two neighboring pixels are one copy if their places in the image are neighbors in the same way.
struct VerbatimCopies {
  private let width: Int
  private let height: Int
  /// Where each pixel came from, relative to it: (row << 32) + column; `nothing` if it came from nowhere.
  private var shifts: [Int]
  private static let nothing = Int.min

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    shifts = [Int](repeating: Self.nothing, count: width * height)
  }

  private func shift(_ pixel: Int, from place: Int, imageWidth: Int) -> Int {
    let row = place / imageWidth - pixel / width
    let column = place % imageWidth - pixel % width
    return row << 32 + column
  }

  private func beside(_ pixel: Int, _ body: (Int) -> Void) {
    let (row, column) = pixel.quotientAndRemainder(dividingBy: width)
    if row > 0 { body(pixel - width) }
    if row + 1 < height { body(pixel + width) }
    if column > 0 { body(pixel - 1) }
    if column + 1 < width { body(pixel + 1) }
  }

  /// Whether the pixel, taken from a place, would belong to a copy of at most `limit` pixels.
  func allows(_ pixel: Int, from place: Int, imageWidth: Int, limit: Int) -> Bool {
    let shift = shift(pixel, from: place, imageWidth: imageWidth)
    var isAlone = true
    beside(pixel) { if shifts[$0] == shift { isAlone = false } }
    return isAlone || size(ofCopyAt: pixel, shift: shift, atMost: limit + 1) <= limit
  }

  mutating func place(_ pixel: Int, from place: Int, imageWidth: Int) {
    shifts[pixel] = shift(pixel, from: place, imageWidth: imageWidth)
  }

  /// Pixels connected to this one that have the shift, counted up to a limit; it counts itself.
  private func size(ofCopyAt pixel: Int, shift: Int, atMost limit: Int) -> Int {
    var seen: Set<Int> = [pixel]
    var open = [pixel]
    while let next = open.popLast(), seen.count < limit {
      beside(next) { neighbor in
        if shifts[neighbor] == shift, seen.insert(neighbor).inserted { open.append(neighbor) }
      }
    }
    return seen.count
  }

  /// Pixels of the largest copy.
  var largest: Int {
    var isSeen = [Bool](repeating: false, count: shifts.count)
    var largest = 0
    for pixel in shifts.indices where shifts[pixel] != Self.nothing && !isSeen[pixel] {
      var (open, count) = ([pixel], 0)
      isSeen[pixel] = true
      while let next = open.popLast() {
        count += 1
        beside(next) { neighbor in
          if !isSeen[neighbor], shifts[neighbor] == shifts[pixel] {
            isSeen[neighbor] = true
            open.append(neighbor)
          }
        }
      }
      largest = max(largest, count)
    }
    return largest
  }

  /// The fraction of pixels whose neighbor above or to the left belongs to the same copy.
  func copiedFraction(of pixels: [Int]) -> Double {
    let copied = pixels.count { pixel in
      let isAbove = pixel >= width && shifts[pixel - width] == shifts[pixel]
      let isLeft = pixel % width > 0 && shifts[pixel - 1] == shifts[pixel]
      return shifts[pixel] != Self.nothing && (isAbove || isLeft)
    }
    return pixels.isEmpty ? 0 : Double(copied) / Double(pixels.count)
  }
}
