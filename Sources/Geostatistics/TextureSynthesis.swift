import Foundation
import Kernel

/// Draws maps that look like windows of a training image but lie nowhere in it: places of the image are
/// spread over a coarse grid, and from level to level each pixel takes the place whose surroundings
/// fit those of its neighbors best.
///
/// Features stay whole, since neighbors mostly come from neighbors, and every pixel is a pixel of the
/// image. No training, any size; time and memory grow with the pixels.
/// Source: Lefebvre and Hoppe, Parallel controllable texture synthesis, ACM Transactions on Graphics
/// 24(3), 2005, sections 3 and 4, with random places as further candidates instead of a list of similar
/// ones.
public struct TextureSynthesis: Sendable {
  public struct Settings: Sendable, Equatable, Codable {
    /// Distance of the places that are drawn at random, a power of two; features up to about this
    /// size are taken whole.
    public var startPixels = 64
    /// The fraction of pixels that are moved at random at each level, by at most its spacing.
    public var jitteredFraction = 0.15
    /// How often all pixels of a level are compared with their neighbors.
    public var passes = 2
    /// Random places that are tried for each pixel, beside those of its neighbors.
    public var randomCandidates = 4
    /// The part of a map that may be one verbatim piece of the image; maps with a larger one are drawn
    /// again.
    public var largestCopyFraction = 1.0 / 3
    /// How often a map is drawn again at most; then the one with the smallest piece is taken.
    public var redraws = 9

    public init() {}

    /// - Throws: `GeostatisticsError.settings` with all faults.
    public func validate() throws {
      var faults: [String] = []
      if !(1...4096).contains(startPixels) || startPixels.nonzeroBitCount != 1 {
        faults.append("startPixels is \(startPixels), not a power of two in 1...4096")
      }
      if !(0...1).contains(jitteredFraction) {
        faults.append("jitteredFraction is \(jitteredFraction), not in 0...1")
      }
      if !(1...20).contains(passes) { faults.append("passes is \(passes), not in 1...20") }
      if !(0...100).contains(randomCandidates) {
        faults.append("randomCandidates is \(randomCandidates), not in 0...100")
      }
      if !(largestCopyFraction > 0 && largestCopyFraction <= 1) {
        faults.append("largestCopyFraction is \(largestCopyFraction), not above 0 and up to 1")
      }
      if !(0...1000).contains(redraws) { faults.append("redraws is \(redraws), not in 0...1000") }
      guard faults.isEmpty else { throw GeostatisticsError.settings(faults: faults) }
    }
  }

  /// Surroundings are 5 x 5 pixels of a level.
  private static let reach = 2

  private let image: TrainingImage
  private let settings: Settings
  /// Places with data, as indices of pixels.
  private let places: [Int32]
  private let levels: [ImageLevel]

  /// - Throws: `GeostatisticsError.settings`.
  public init(_ image: TrainingImage, settings: Settings = Settings()) throws {
    try settings.validate()
    self.image = image
    self.settings = settings
    places = image.values.indices.filter { !image.values[$0].isNaN }.map(Int32.init)
    // Surroundings at the coarsest level should lie within the image.
    let widest = max(1, min(image.width, image.height) / 3)
    var spacings = [1]
    while spacings[0] < settings.startPixels, 2 * spacings[0] <= widest {
      spacings.insert(2 * spacings[0], at: 0)
    }
    levels = ImageLevel.levels(of: image, spacings: spacings, reach: Self.reach)
  }

  /// - Returns: the values, and what is a verbatim copy.
  public func map(width: Int, height: Int, random: inout CounterRandom) -> DirectSampling.Result {
    let allowed = settings.largestCopyFraction * Double(width * height)
    var best = attempt(width: width, height: height, &random)
    for _ in 0..<settings.redraws where Double(best.largestCopyPixels) > allowed {
      let next = attempt(width: width, height: height, &random)
      if next.largestCopyPixels < best.largestCopyPixels { best = next }
    }
    return best
  }

  private func attempt(
    width: Int, height: Int, _ random: inout CounterRandom
  ) -> DirectSampling.Result {
    var state = PlaceGrid(width: 0, height: 0, rows: [], columns: [])
    for (number, level) in levels.enumerated() {
      let spacing = level.spacing
      let (columns, rows) = ((width + spacing - 1) / spacing, (height + spacing - 1) / spacing)
      if number == 0 {
        state = start(columns: columns, rows: rows, &random)
      } else {
        state = refined(state, columns: columns, rows: rows, spacing: spacing, &random)
      }
      for _ in 0..<(number == 0 ? 2 * settings.passes : settings.passes) {
        // A quarter of the pixels at a time, so that pixels in one step are no neighbors.
        for part in 0..<4 { correct(&state, part, level, &random) }
      }
    }
    var copies = VerbatimCopies(width: width, height: height)
    let values = (0..<width * height).map { pixel -> Float in
      let place = Int(state.rows[pixel]) * image.width + Int(state.columns[pixel])
      copies.place(pixel, from: place, imageWidth: image.width)
      return image.values[place]
    }
    return DirectSampling.Result(
      values: values, largestCopyPixels: copies.largest,
      copiedFraction: copies.copiedFraction(of: Array(values.indices)))
  }

  /// A place of the image for each pixel of a level; all have data.
  private struct PlaceGrid {
    var width: Int
    var height: Int
    var rows: [Int32]
    var columns: [Int32]
  }

  private func start(columns: Int, rows: Int, _ random: inout CounterRandom) -> PlaceGrid {
    var grid = PlaceGrid(width: columns, height: rows, rows: [], columns: [])
    for _ in 0..<columns * rows {
      let place = places[random.integer(below: places.count)]
      grid.rows.append(place / Int32(image.width))
      grid.columns.append(place % Int32(image.width))
    }
    return grid
  }

  private func hasData(_ row: Int, _ column: Int) -> Bool {
    row >= 0 && row < image.height && column >= 0 && column < image.width
      && !image.values[row * image.width + column].isNaN
  }

  /// Four pixels for each of the level above, moved a little where chance wants it. Where that leads out
  /// of the data, the place stays that of the level above.
  private func refined(
    _ coarse: PlaceGrid, columns: Int, rows: Int, spacing: Int, _ random: inout CounterRandom
  ) -> PlaceGrid {
    var fine = PlaceGrid(width: columns, height: rows, rows: [], columns: [])
    fine.rows.reserveCapacity(columns * rows)
    fine.columns.reserveCapacity(columns * rows)
    for row in 0..<rows {
      for column in 0..<columns {
        let parent = row / 2 * coarse.width + column / 2
        var place = (row: Int(coarse.rows[parent]), column: Int(coarse.columns[parent]))
        let child = (
          row: place.row + row % 2 * spacing, column: place.column + column % 2 * spacing
        )
        if hasData(child.row, child.column) { place = child }
        if random.uniform() < settings.jitteredFraction {
          let moved = (
            row: place.row + random.integer(in: -spacing...spacing),
            column: place.column + random.integer(in: -spacing...spacing)
          )
          if hasData(moved.row, moved.column) { place = moved }
        }
        fine.rows.append(Int32(place.row))
        fine.columns.append(Int32(place.column))
      }
    }
    return fine
  }

  /// Gives every fourth pixel the best of the places that continue those of its neighbors, and of some
  /// random ones.
  private func correct(
    _ grid: inout PlaceGrid, _ part: Int, _ level: ImageLevel, _ random: inout CounterRandom
  ) {
    let before = grid
    let (spacing, reach) = (level.spacing, Self.reach)
    level.values.withUnsafeBufferPointer { values in
      var wanted = [Float](repeating: 0, count: level.offsets.count)
      for row in stride(from: part / 2, to: grid.height, by: 2) {
        for column in stride(from: part % 2, to: grid.width, by: 2) {
          var item = 0
          for y in row - reach...row + reach {
            for x in column - reach...column + reach {
              // Beyond the map's border, what its pixels would continue to.
              let (inY, inX) = (min(max(y, 0), grid.height - 1), min(max(x, 0), grid.width - 1))
              let pixel = inY * before.width + inX
              wanted[item] =
                values[
                  level.index(
                    Int(before.rows[pixel]) + (y - inY) * spacing,
                    Int(before.columns[pixel]) + (x - inX) * spacing)]
              item += 1
            }
          }
          let own = row * grid.width + column
          var best = (
            row: Int(before.rows[own]), column: Int(before.columns[own]), square: Float.infinity
          )
          func consider(_ placeRow: Int, _ placeColumn: Int) {
            guard hasData(placeRow, placeColumn) else { return }
            let square = level.square(
              from: level.index(placeRow, placeColumn), values, wanted, below: best.square)
            if square < best.square { best = (placeRow, placeColumn, square) }
          }
          for y in max(row - 1, 0)...min(row + 1, grid.height - 1) {
            for x in max(column - 1, 0)...min(column + 1, grid.width - 1) {
              let pixel = y * before.width + x
              consider(
                Int(before.rows[pixel]) + (row - y) * spacing,
                Int(before.columns[pixel]) + (column - x) * spacing)
            }
          }
          for candidate in 0..<settings.randomCandidates {
            if candidate % 2 == 0 {
              let place = Int(places[random.integer(below: places.count)])
              consider(place / image.width, place % image.width)
            } else {
              consider(
                best.row + random.integer(in: -4 * spacing...4 * spacing),
                best.column + random.integer(in: -4 * spacing...4 * spacing))
            }
          }
          grid.rows[own] = Int32(best.row)
          grid.columns[own] = Int32(best.column)
        }
      }
    }
  }
}
