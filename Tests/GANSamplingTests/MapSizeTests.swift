import TestSupport
import Testing

@testable import GANSampling

@Suite struct MapSizeTests {
  @Test(arguments: [("256", 256, 256), ("640x480", 640, 480), ("1x20000", 1, 20_000)])
  func textIsRead(text: String, width: Int, height: Int) throws {
    let size = try MapSize(parsing: text)
    #expect(size == MapSize(width: width, height: height))
    #expect(size.description == "\(width)x\(height)")
  }

  @Test(arguments: ["", "x", "64x", "x64", "64x64x64", "64 x 64", "6.4", "large"])
  func otherTextIsRefused(text: String) {
    #expect(message { _ = try MapSize(parsing: text) }.contains("'\(text)'"))
  }

  @Test(arguments: ["0", "-3", "64x0", "20001", "64x20001"])
  func sidesOutOfRangeAreRefused(text: String) {
    #expect(message { _ = try MapSize(parsing: text) }.contains("use 1 to 20000"))
  }
}

@Suite struct MapOptionsTests {
  @Test func windowsAreRead() throws {
    let window = try MapWindow(parsing: "-300, 0,512,40")
    #expect(window == MapWindow(x: -300, y: 0, size: MapSize(width: 512, height: 40)))
    #expect(window.rows == 0..<40 && window.columns == -300..<212)
  }

  @Test(arguments: ["", "1,2,3", "1,2,3,4,5", "a,0,3,3", "0,0,0,5", "9999999999,0,3,3", "0;0;3;3"])
  func otherWindowsAreRefused(text: String) {
    #expect(message { _ = try MapWindow(parsing: text) }.contains("use"))
  }

  @Test func faultsAreNamedAtOnce() {
    var options = MapOptions()
    options.spread = -3 ... -1
    options.truncation = 1.5
    options.maxRate = 0
    options.interpolation = .init(seed: 1, steps: 1)
    options.window = MapWindow(x: 0, y: 0, size: MapSize(width: 8, height: 8))
    #expect(options.faults().count == 5)
    #expect(MapOptions().faults().isEmpty)
  }

  @Test func modelsOfOneSizeTakeNone() throws {
    let folder = try TemporaryFolder()
    let model = try RateMapModel(contentsOf: writeFixedSizeModel(in: folder))
    var options = MapOptions()
    options.truncation = 0.5
    #expect(message { _ = try model.maps(0..<1, options: options) }.contains("field model"))
  }

  @Test func mapsBeyondTheGreatestRateAreDrawnAgain() throws {
    let folder = try TemporaryFolder()
    let model = try RateMapModel(contentsOf: writeFieldModel(in: folder))
    let size = MapSize(width: 16, height: 16)
    let free = try model.maps(0..<12, seed: 1, size: size)
    let peaks = free.map { $0.map(abs).max()! }.sorted()
    var options = MapOptions()
    options.maxRate = Double((peaks[8] + peaks[9]) / 2)
    let kept = try model.maps(0..<12, seed: 1, size: size, options: options)
    #expect(kept.allSatisfy { $0.allSatisfy { abs(Double($0)) <= options.maxRate! } })
    #expect(zip(kept, free).filter { $0 != $1 }.count == 3)
    options.maxRate = 1e-6
    #expect(
      message { _ = try model.maps(0..<1, size: size, options: options) }.contains("greater ones"))
  }

  /// A limit in the model's file is for maps of its size of which no other limit is asked.
  @Test func aModelCanHaveALimitOfItsOwn() throws {
    let folder = try TemporaryFolder()
    let size = MapSize(width: 16, height: 16)
    func draw(limit: Double?, _ size: MapSize, _ options: MapOptions = MapOptions()) throws
      -> [[Float]]
    {
      try RateMapModel(contentsOf: writeFieldModel(in: folder, greatestRateCMPerYear: limit))
        .maps(0..<12, seed: 1, size: size, options: options)
    }
    func peak(_ map: [Float]) -> Float { map.map(abs).max()! }
    let free = try draw(limit: nil, size)
    let peaks = free.map(peak).sorted()
    let limit = Double((peaks[8] + peaks[9]) / 2)
    let kept = try draw(limit: limit, size)
    #expect(kept.allSatisfy { Double(peak($0)) <= limit })
    #expect(zip(kept, free).filter { $0 != $1 }.count == 3)
    var options = MapOptions()
    options.maxRate = 1e6
    #expect(try draw(limit: limit, size, options) == free)
    options = MapOptions()
    options.interpolation = .init(seed: 2, steps: 2)
    #expect(try draw(limit: limit, size, options) == draw(limit: nil, size, options))
    let large = MapSize(width: 60, height: 20)
    #expect(try draw(limit: limit, large) == draw(limit: nil, large))
    #expect(
      message { _ = try draw(limit: -1, size) }.contains("greatestRateCMPerYear is -1"))
  }
}
