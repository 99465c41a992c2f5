import Foundation
import Kernel

/// Draws maps whose pixels are copied, one by one, from places of a training image that look alike.
///
/// Pixels are visited in random order. For each, the nearest pixels that have a value form a pattern;
/// the training image is scanned from a random place for the pattern, and the first place that is
/// near enough, or else the nearest of those scanned, gives the value. No training, any size.
/// Source: Mariethoz, Renard and Straubhaar, Water Resources Research 46, W11536, 2010; used for
/// InSAR by Rongier et al., Earth and Space Science 6, 2019.
public struct DirectSampling: Sendable {
  public struct Settings: Sendable, Equatable, Codable {
    /// Pixels of a pattern at most.
    public var neighbors = 24
    /// Root mean square difference at which a place is taken at once, in standard deviations of the
    /// training image's normal scores.
    public var threshold = 0.02
    /// The fraction of the training image that is scanned for a pixel at most.
    public var scannedFraction = 0.1
    /// Exponent of the weight 1 / distance of a pixel in a pattern.
    public var distanceExponent = 1.0
    /// How often every pixel is drawn again when all others are known.
    public var repetitions = 0
    /// Pixels at most so many rows and columns away are copied along, where they have no value yet.
    public var pastedReachPixels = 1
    /// Connected pixels that may be copied in one piece from the training image at most.
    public var largestCopyPixels = 400

    public init() {}

    /// - Throws: `GeostatisticsError.settings` with all faults.
    public func validate() throws {
      var faults: [String] = []
      if !(1...200).contains(neighbors) {
        faults.append("neighbors is \(neighbors), not in 1...200")
      }
      if !(0...1).contains(threshold) { faults.append("threshold is \(threshold), not in 0...1") }
      if !(scannedFraction > 0 && scannedFraction <= 1) {
        faults.append("scannedFraction is \(scannedFraction), not above 0 and up to 1")
      }
      if !(0...4).contains(distanceExponent) {
        faults.append("distanceExponent is \(distanceExponent), not in 0...4")
      }
      if !(0...10).contains(repetitions) {
        faults.append("repetitions is \(repetitions), not in 0...10")
      }
      if largestCopyPixels < 1 {
        faults.append("largestCopyPixels is \(largestCopyPixels), below 1")
      }
      guard faults.isEmpty else { throw GeostatisticsError.settings(faults: faults) }
    }
  }

  /// A map and what was copied.
  public struct Result: Sendable {
    public var values: [Float]
    /// Pixels of the largest connected piece that is a verbatim copy.
    public var largestCopyPixels: Int
    /// The fraction of pixels that lie beside the same pixel as in the training image.
    public var copiedFraction: Double
  }

  private static let widestPastedPatternPixels = 6

  private let image: TrainingImage
  /// Its normal scores, in which patterns are compared: a few strong features would otherwise make all
  /// the rest look alike.
  private let scores: [Float]
  private let transform: NormalScores
  private let settings: Settings
  /// The square of the accepted difference.
  private let acceptedSquare: Float

  /// - Throws: `GeostatisticsError.settings`.
  public init(_ image: TrainingImage, settings: Settings = Settings()) throws {
    try settings.validate()
    self.image = image
    self.settings = settings
    transform = NormalScores(image)
    scores = image.values.map(transform.score)
    acceptedSquare = Float(settings.threshold * settings.threshold)
  }

  /// - Parameter given: pixels that the map has exactly; of the map's size.
  /// - Throws: `GeostatisticsError.conditioning` if the sizes differ.
  public func map(
    width: Int, height: Int, given: Conditioning? = nil, random: inout CounterRandom
  ) throws -> Result {
    if let given, given.width != width || given.height != height {
      throw GeostatisticsError.conditioning(
        reason: "they are \(given.width) x \(given.height) pixels, and the map \(width) x \(height)"
      )
    }
    var state = State(
      values: given?.values ?? [Float](repeating: .nan, count: width * height), width: width,
      height: height, copies: VerbatimCopies(width: width, height: height))
    state.scores = state.values.map(transform.score)
    let path = (0..<width * height).filter { state.values[$0].isNaN }
    state.known = (0..<width * height).filter { !state.values[$0].isNaN }
    let offsets = PixelOffsets(reach: min(max(width, height) - 1, 48))
    for round in 0...settings.repetitions {
      for pixel in path.shuffled(using: &random) {
        // In the first round, pixels that were copied along are done.
        if round == 0 && !state.values[pixel].isNaN { continue }
        let pattern = pattern(around: pixel, state, offsets)
        let place = find(pattern, beside: pixel, state.copies, width: width, &random)
        if round > 0 {
          state.values[pixel] = image.values[place]
          state.scores[pixel] = scores[place]
          state.copies.place(pixel, from: place, imageWidth: image.width)
        } else {
          // A pattern that is still wide says too little about the pixels next to it.
          let isDense = pattern.reachPixels <= Self.widestPastedPatternPixels
          paste(place, around: pixel, reach: isDense ? settings.pastedReachPixels : 0, into: &state)
        }
      }
    }
    return Result(
      values: state.values, largestCopyPixels: state.copies.largest,
      copiedFraction: state.copies.copiedFraction(of: path))
  }

  /// Copies a place and what lies around it to a pixel and the pixels around it that have no value.
  private func paste(_ place: Int, around pixel: Int, reach: Int, into state: inout State) {
    let (row, column) = pixel.quotientAndRemainder(dividingBy: state.width)
    let (imageRow, imageColumn) = place.quotientAndRemainder(dividingBy: image.width)
    func copy(_ source: Int, to target: Int) {
      state.values[target] = image.values[source]
      state.scores[target] = scores[source]
      state.copies.place(target, from: source, imageWidth: image.width)
      state.known.append(target)
    }
    // The pixel itself first: `find` has chosen a place that the limit allows.
    copy(place, to: pixel)
    for y in max(
      -reach, -row, -imageRow)...min(
        reach, state.height - 1 - row, image.height - 1 - imageRow)
    {
      for x in max(
        -reach, -column, -imageColumn)...min(
          reach, state.width - 1 - column, image.width - 1 - imageColumn)
      {
        let target = pixel + y * state.width + x
        let source = place + y * image.width + x
        guard state.values[target].isNaN, !image.values[source].isNaN,
          state.copies.allows(
            target, from: source, imageWidth: image.width, limit: settings.largestCopyPixels)
        else { continue }
        copy(source, to: target)
      }
    }
  }

  private struct State {
    var values: [Float]
    var scores: [Float] = []
    let width: Int
    let height: Int
    var copies: VerbatimCopies
    /// Pixels with a value, in the order in which they got it.
    var known: [Int] = []
  }

  /// Values around a pixel, nearest first.
  struct Pattern {
    var rows: [Int] = []
    var columns: [Int] = []
    var values: [Float] = []
    /// They add up to 1.
    var weights: [Float] = []

    /// Distance of the last pixel along rows or columns.
    var reachPixels: Int {
      max(abs(rows.last ?? .max / 2), abs(columns.last ?? .max / 2))
    }
  }

  private func pattern(around pixel: Int, _ state: State, _ offsets: PixelOffsets) -> Pattern {
    let (row, column) = pixel.quotientAndRemainder(dividingBy: state.width)
    var pattern = Pattern()
    // A place needs the pattern around it within the image, so half the image is its farthest reach.
    let (reachRows, reachColumns) = (image.height / 2 - 1, image.width / 2 - 1)
    func add(_ y: Int, _ x: Int, _ value: Float) {
      guard abs(y) <= reachRows, abs(x) <= reachColumns else { return }
      pattern.rows.append(y)
      pattern.columns.append(x)
      pattern.values.append(value)
    }
    if state.known.count <= 512 {
      let nearest = state.known.map { known -> (distance: Int, pixel: Int) in
        let (y, x) = (known / state.width - row, known % state.width - column)
        return (y * y + x * x, known)
      }.filter { $0.distance > 0 }.sorted { $0 < $1 }
      for entry in nearest where pattern.values.count < settings.neighbors {
        add(
          entry.pixel / state.width - row, entry.pixel % state.width - column,
          state.scores[entry.pixel])
      }
    } else {
      for offset in offsets.all {
        let (y, x) = (row + Int(offset.row), column + Int(offset.column))
        guard y >= 0, y < state.height, x >= 0, x < state.width else { continue }
        let value = state.scores[y * state.width + x]
        guard !value.isNaN else { continue }
        add(Int(offset.row), Int(offset.column), value)
        if pattern.values.count == settings.neighbors { break }
      }
    }
    let weights = pattern.values.indices.map { index -> Float in
      let square =
        pattern.rows[index] * pattern.rows[index]
        + pattern.columns[index] * pattern.columns[index]
      return powf(Float(square), -Float(settings.distanceExponent) / 2)
    }
    let sum = weights.reduce(0, +)
    pattern.weights = weights.map { $0 / sum }
    return pattern
  }

  /// A place in the training image, as an index of its pixels, around which the pattern is found.
  private func find(
    _ pattern: Pattern, beside pixel: Int, _ copies: VerbatimCopies, width: Int,
    _ random: inout CounterRandom
  ) -> Int {
    let scan = PatternScan(scores, width: image.width, height: image.height, pattern)
    let limit = Int(settings.scannedFraction * Double(image.values.count))
    var block = random.integer(below: scan.blockCount)
    let lane = random.integer(below: 64)
    var best: (place: Int, square: Float) = (-1, .infinity)
    let stride = scan.stride
    var scanned = 0
    for _ in 0..<scan.blockCount {
      scan.visit(block, from: lane, below: best.square) { place, square in
        guard square < best.square,
          copies.allows(
            pixel, from: place, imageWidth: image.width, limit: settings.largestCopyPixels)
        else { return true }
        best = (place, square)
        return square > acceptedSquare
      }
      scanned += 64
      if best.square <= acceptedSquare || (scanned >= limit && best.place >= 0) { break }
      block += stride
      if block >= scan.blockCount { block -= scan.blockCount }
    }
    return best.place >= 0 ? best.place : anyPlace(&random)
  }

  /// A pixel with data, for a pattern that lies nowhere within it.
  private func anyPlace(_ random: inout CounterRandom) -> Int {
    while true {
      let place = random.integer(below: image.values.count)
      if !image.values[place].isNaN { return place }
    }
  }
}

/// Rows and columns around a pixel, nearest first.
struct PixelOffsets {
  let all: [(row: Int16, column: Int16)]

  init(reach: Int) {
    let reach = Int16(max(1, reach))
    var offsets: [(row: Int16, column: Int16)] = []
    for row in -reach...reach {
      for column in -reach...reach where row != 0 || column != 0 {
        offsets.append((row, column))
      }
    }
    all = offsets.sorted { Self.key($0) < Self.key($1) }
  }

  private static func key(_ offset: (row: Int16, column: Int16)) -> (Int, Int16, Int16) {
    let (y, x) = (Int(offset.row), Int(offset.column))
    return (y * y + x * x, offset.row, offset.column)
  }
}
