#if GDAL
  import Foundation
  import InSARPhase
  import RasterIO
  import Rasters
  import RateInversion
  import TestSupport
  import Testing

  @testable import Jobs
  @testable import StackFiles

  /// Files of MintPy as people have them: flags, lists, dates, corrections and references.
  struct MintPyStackTests {
    private func message(
      _ stack: MintPyStack, dataset: String? = nil,
      _ change: (inout StackInversion) -> Void = { _ in }
    ) -> String {
      do {
        _ = try stack.inverted(change, dataset: dataset)
        return "no error"
      } catch {
        return "\(error)"
      }
    }

    @Test func flaggedPairsAreLeftOut() throws {
      var stack = MintPyStack()
      // Unwrapping errors in two interferograms, which are flagged.
      stack.changes["unwrapPhase"] = try stack.cube("unwrapPhase") { index in
        try stack.phase(index).map { [2, 5].contains(index) ? $0 + 2 * .pi : $0 }
      }
      #expect(try largestDifference(stack.inverted().rate, stack.rate) > 1)
      let flags = (0..<12).map { ![2, 5].contains($0) }
      for content in [
        HDF5Layout.Content.booleans(flags), .floats(flags.map { $0 ? 1 : 0 }),
      ] {
        stack.changes["dropIfgram"] = .init(name: "dropIfgram", shape: [12], content: content)
        let (rate, report, planes) = try stack.inverted()
        #expect(largestDifference(rate, stack.rate) < 1e-4)
        #expect(planes["interferograms"]?.allSatisfy { $0 == 10 } == true)
        expect(report.notes.joined(), ["dropIfgram leaves out 2 of 12"])
      }
      stack.changes["dropIfgram"] = .init(
        name: "dropIfgram", shape: [12], content: .booleans(.init(repeating: false, count: 12)))
      expect(message(stack), ["ifgramStack.h5", "dropIfgram", "all 12"])
    }

    @Test(arguments: [
      ("dropIfgram", [11], ["[11]", "12 interferograms"]), ("bperp", [13], ["[13]"]),
      ("bperp", [3, 4], ["[3, 4]"]), ("dropIfgram", [1, 12], ["[1, 12]"]),
      ("coherence", [1, 6, 8], ["[1, 6, 8]", "[12, 6, 8]"]),
      ("coherence", [12, 8, 6], ["[12, 8, 6]"]), ("coherence", [12, 48], ["[12, 48]"]),
      ("wrapPhase", [12, 6, 7], ["[12, 6, 7]"]), ("unwrapPhase", [12, 48], ["[12, 48]"]),
    ])
    func listsOfAnotherLengthAreErrors(name: String, shape: [Int], words: [String]) throws {
      var stack = MintPyStack()
      stack.changes[name] = MintPyStack.floats(
        name, shape, [Float](repeating: 1, count: shape.reduce(1, *)))
      expect(message(stack), ["ifgramStack.h5", "'\(name)'"] + words)
    }

    @Test func listsOfOtherKindsAreErrors() throws {
      for name in ["dropIfgram", "bperp", "coherence", "unwrapPhase"] {
        var stack = MintPyStack()
        stack.changes[name] = .init(
          name: name, shape: [12], content: .texts([String](repeating: "True", count: 12)))
        expect(message(stack), ["ifgramStack.h5", "'\(name)'"])
      }
      var stack = MintPyStack()
      stack.changes["date"] = .init(
        name: "date", shape: [5, 2], content: .texts([String](repeating: "20200101", count: 10)))
      expect(message(stack), ["ifgramStack.h5", "'date'", "[5, 2]", "[12, 2]"])
      stack.changes["date"] = .init(
        name: "date", shape: [2, 12],
        content: .texts(
          stack.pairs.map { stack.dates[$0.0] } + stack.pairs.map { stack.dates[$0.1] }))
      expect(message(stack), ["ifgramStack.h5", "'date'", "[2, 12]"])
      stack.changes["date"] = .some(nil)
      expect(message(stack), ["ifgramStack.h5", "'date'"])
    }

    @Test func reversedAndDoubledPairsGiveTheSameRate() throws {
      var stack = MintPyStack()
      stack.heightError = 8
      stack.pairs[3] = (stack.pairs[3].1, stack.pairs[3].0)
      stack.pairs.append(stack.pairs[1])
      stack.pairs.append((stack.pairs[6].1, stack.pairs[6].0))
      stack.pairs.append((2, 2))
      let (rate, report, planes) = try stack.inverted()
      #expect(largestDifference(rate, stack.rate) < 1e-4)
      #expect(planes["height_error"]?.allSatisfy { abs($0 - 8) < 1e-2 } == true)
      #expect(planes["interferograms"]?.allSatisfy { $0 == 12 } == true)
      expect(
        report.notes.joined(separator: "\n"),
        ["turned round: 20200113_20200125", "20200101_20200125", "itself", "20200125_20200125"])
    }

    @Test func timesOfDayCount() throws {
      var stack = MintPyStack()
      stack.dates = [
        "20200101T0600", "20200101T1800", "20200102T0600", "20200103T2330", "20200104T0000",
        "20200105T120030",
      ]
      #expect(try largestDifference(stack.inverted().rate, stack.rate) < 1e-3)
      let folder = try TemporaryFolder()
      try stack.write(to: folder.file("ifgramStack.h5"))
      let network = try StackSource.open(folder.file("ifgramStack.h5")).network
      #expect(network.name(network.pairs[0]) == "20200101T0600_20200101T1800")
      #expect(
        network.dates.map(\.description)[3...] == ["20200103T2330", "20200104", "20200105T120030"])
      for (text, words) in [
        ("20200102T0660", "no such time"), ("2020-1-2", "YYYYMMDD"), ("", "eight digits"),
        ("20200102T", "HHMM"), ("20200230T0600", "days 1...29"),
      ] {
        var dates = stack.pairs.flatMap { [stack.dates[$0.0], stack.dates[$0.1]] }
        dates[7] = text
        stack.changes["date"] = .init(name: "date", shape: [12, 2], content: .texts(dates))
        expect(
          message(stack), ["ifgramStack.h5", "'date'", "\"\(text)\"", "interferogram 4", words])
      }
    }

    @Test func theRateNeedsNoBaselines() throws {
      for baselines in [nil, [Float](repeating: .nan, count: 12), [Float](repeating: 0, count: 12)]
      {
        var stack = MintPyStack()
        stack.changes["bperp"] = .some(baselines.map { MintPyStack.floats("bperp", [12], $0) })
        for isWrapped in [false, true] {
          let (rate, report, planes) = try stack.inverted { $0.usesWrappedPhases = isWrapped }
          #expect(largestDifference(rate, stack.rate) < 2e-3)
          #expect(planes["height_error"] == nil)
          expect(report.warnings.joined(), ["ifgramStack.h5", "'noHeightError'", "baselines"])
          let alone = try stack.inverted { $0.settings.estimatesHeightError = false }
          #expect(alone.report.warnings.isEmpty && largestDifference(alone.rate, stack.rate) < 1e-4)
        }
      }
      // One that follows from the others, and one that does not.
      var stack = MintPyStack()
      stack.heightError = 5
      var baselines = stack.pairs.map { Float(stack.baselines[$0.1] - stack.baselines[$0.0]) }
      baselines[0] = .nan
      stack.changes["bperp"] = MintPyStack.floats("bperp", [12], baselines)
      let filled = try stack.inverted()
      #expect(filled.planes["height_error"]?.allSatisfy { abs($0 - 5) < 1e-2 } == true)
      expect(filled.report.notes.joined(), ["bperp", "1 interferogram"])
      for (index, pair) in stack.pairs.enumerated() where pair.1 == 5 { baselines[index] = .nan }
      stack.changes["bperp"] = MintPyStack.floats("bperp", [12], baselines)
      let unknown = try stack.inverted()
      #expect(unknown.planes["height_error"] == nil)
      expect(unknown.report.warnings.joined(), ["3 of 12", "20200301", "'noHeightError'"])
    }

    @Test func aGapIsCrossedByTheRate() throws {
      var stack = MintPyStack()
      stack.dates = ["20200101", "20200113", "20200125", "20200606", "20200618", "20200630"]
      stack.pairs = [(0, 1), (1, 2), (0, 2), (3, 4), (4, 5), (3, 5)]
      stack.heightError = -6
      for withDEMError in [true, false] {
        if !withDEMError { stack.heightError = 0 }
        let (rate, report, _) = try stack.inverted {
          $0.settings.estimatesHeightError = withDEMError
        }
        #expect(largestDifference(rate, stack.rate) < 1e-4)
        expect(report.notes.joined(), ["2 parts", "20200101 to 20200125", "20200606 to 20200630"])
      }
    }

    @Test func whatTheNetworkCannotTellNamesFileAndDates() throws {
      var stack = MintPyStack()
      stack.baselines = [0, 20, 40, 60, 80, 120]
      stack.pairs = [(0, 1), (1, 2), (0, 3)]
      expect(
        message(stack),
        ["ifgramStack.h5", "20200101 to 20200206", "proportional", "'noHeightError'"])
      #expect(
        try largestDifference(
          stack.inverted { $0.settings.estimatesHeightError = false }.rate, stack.rate) < 1e-4)
      stack.pairs = [(0, 1)]
      expect(message(stack), ["ifgramStack.h5", "20200113", "at least 2", "'noHeightError'"])
      stack.pairs = [(2, 2)]
      expect(message(stack), ["ifgramStack.h5", "20200125_20200125", "itself"])
    }

    @Test func correctedPhasesAreTakenAsMintPyTakesThem() throws {
      var stack = MintPyStack()
      let good = try stack.cube("good", stack.phase)
      let poor = try stack.cube("poor") { try stack.phase($0).map { $0 + 2 * .pi } }
      func named(_ dataset: HDF5Layout.Dataset, _ name: String) -> HDF5Layout.Dataset {
        var dataset = dataset
        dataset.name = name
        return dataset
      }
      stack.changes["unwrapPhase"] = named(poor, "unwrapPhase")
      for name in ["_bridging", "_phaseClosure", "_bridging_phaseClosure"].map({
        "unwrapPhase\($0)"
      }) {
        stack.changes[name] = named(good, name)
        let (rate, report, _) = try stack.inverted()
        #expect(largestDifference(rate, stack.rate) < 1e-4)
        expect(report.notes.joined(), ["'\(name)'", "has unwrapPhase too", "'dataset'"])
        let raw = try stack.inverted(dataset: "unwrapPhase")
        #expect(largestDifference(raw.rate, stack.rate) > 1)
        #expect(raw.report.notes.allSatisfy { !$0.contains("'dataset'") })
        if name.hasSuffix("bridging_phaseClosure") { continue }
        stack.changes[name] = nil
      }
      expect(
        message(stack, dataset: "unwrapPhase_bridge"),
        ["ifgramStack.h5", "'unwrapPhase_bridge'", "unwrapPhase_bridging_phaseClosure"])
      expect(message(stack, dataset: "coherence"), ["ifgramStack.h5", "'coherence'", "phases"])
    }

    /// `mintpy.unwrapError.method` is how MintPy itself chooses.
    @Test(arguments: [
      (
        "mintpy.unwrapError.method = bridging  #[bridging / no], auto for no",
        "unwrapPhase_bridging"
      ),
      ("mintpy.unwrapError.method= phase_closure", "unwrapPhase_phaseClosure"),
      (
        "mintpy.unwrapError.method          = bridging + phase_closure",
        "unwrapPhase_bridging_phaseClosure"
      ),
      ("mintpy.unwrapError.method = auto", "unwrapPhase"),
      ("#nothing", "unwrapPhase_bridging_phaseClosure"),
    ])
    func theProjectsMethodChoosesThePhases(line: String, expected: String) throws {
      var stack = MintPyStack()
      for name in ["_bridging", "_phaseClosure", "_bridging_phaseClosure"] {
        let dataset = "unwrapPhase\(name)"
        stack.changes[dataset] = try stack.cube(dataset, stack.phase)
      }
      let folder = try TemporaryFolder()
      try FileManager.default.createDirectory(
        atPath: folder.file("inputs"), withIntermediateDirectories: true)
      try stack.write(to: folder.file("inputs/ifgramStack.h5"))
      try "# vim: set\nmintpy.load.processor = isce\n\(line)\n".write(
        toFile: folder.file("smallbaselineApp.cfg"), atomically: true, encoding: .utf8)
      let source = try StackSource.open(folder.path)
      #expect(source.phaseName == expected)
      expect(source.phaseNotes.joined(), ["'\(expected)'", "'dataset'"])
    }

    @Test func theFilesReferenceIsUsed() throws {
      var stack = MintPyStack()
      stack.offsets = (0..<12).map { Float($0 * $0) - 30 }
      let referred = stack.rate.map { $0 - stack.rate[4 * 8 + 5] }
      for attributes in [
        ["REF_Y": "4", "REF_X": "5"], ["REF_Y": "4.0", "REF_X": " 5 "],
        [
          "X_FIRST": "12.5", "X_STEP": "0.001", "Y_FIRST": "42.1", "Y_STEP": "-0.001",
          "REF_LAT": "42.0955", "REF_LON": "12.5055",
        ],
      ] {
        var stack = stack
        stack.attributes.merge(attributes) { $1 }
        #expect(try largestDifference(stack.inverted().rate, referred) < 1e-3, "\(attributes)")
        let absolute = try stack.inverted { $0.reference = nil }.rate
        #expect(largestDifference(absolute, referred) > 1)
      }
      stack.attributes.merge(["REF_Y": "-3", "REF_X": "5"]) { $1 }
      expect(message(stack), ["ifgramStack.h5", "-3,5", "none", "reference: ROW,COLUMN"])
      stack.attributes.merge(["REF_Y": "None", "REF_X": "None"]) { $1 }
      #expect(try stack.inverted().planes["rate"] != nil)
    }

    @Test func aReferenceWithoutPhaseIsAnErrorUnlessAllAreReferredThere() throws {
      var stack = MintPyStack()
      stack.attributes.merge(["REF_Y": "4", "REF_X": "5"]) { $1 }
      func cube(_ zeroes: Set<Int>) throws -> HDF5Layout.Dataset {
        try stack.cube("unwrapPhase") { index in
          var plane = try stack.phase(index)
          if zeroes.contains(index) { plane[4 * 8 + 5] = 0 }
          return plane
        }
      }
      stack.changes["unwrapPhase"] = try cube([7])
      expect(
        message(stack), ["ifgramStack.h5", "4,5", "20200125_20200218", "reference: ROW,COLUMN"])
      stack.changes["unwrapPhase"] = try cube(Set(0..<12))
      let rate = try stack.inverted().rate
      #expect(abs(rate[0] - stack.rate[0]) < 1e-4 && rate[4 * 8 + 5].isNaN)
    }

    @Test func coherenceIsNeededForWeightsOnly() throws {
      var stack = MintPyStack()
      stack.changes["coherence"] = .some(nil)
      expect(message(stack), ["ifgramStack.h5", "'coherence'", "weighting: uniform"])
      let uniform = try stack.inverted { $0.settings.weighting = .uniform }
      #expect(largestDifference(uniform.rate, stack.rate) < 1e-4)
      // As bytes from 0 to 255.
      stack.changes["coherence"] = stack.cube("coherence") { _ in .init(repeating: 180, count: 48) }
      expect(message(stack), ["ifgramStack.h5", "180", "row 0, column 0", "255"])
    }

    @Test func phasesWithoutDataAreNotAResult() throws {
      var stack = MintPyStack()
      for value in [Float(0), .nan, .infinity] {
        stack.changes["unwrapPhase"] = stack.cube("unwrapPhase") { _ in
          .init(repeating: value, count: 48)
        }
        for isWrapped in [false, true] {
          expect(
            message(stack) { $0.usesWrappedPhases = isWrapped },
            ["ifgramStack.h5", "no pixel", "rate"])
        }
      }
      stack.changes = [:]
      stack.attributes["WAVELENGTH"] = "0"
      expect(message(stack), ["ifgramStack.h5", "wavelengthMeters is 0"])
    }

    @Test func infiniteRatesAreAnError() throws {
      let stack = MintPyStack()
      let folder = try TemporaryFolder()
      try stack.write(to: folder.file("ifgramStack.h5"))
      let network = try StackSource.open(folder.file("ifgramStack.h5")).network
      let geometry = try StackGeometry(
        width: 8, height: 6, pixelSizeMeters: 30, radar: stack.radar)
      let source = StackSource(
        path: "loud", network: network, geometry: geometry, phaseName: "unwrapped",
        read: { _, _, rows, _ in [Float](repeating: 3e38, count: rows.count * 8) })
      var job = StackInversion(stack: source)
      job.settings.weighting = .uniform
      job.settings.estimatesHeightError = false
      job.formats = [.npy]
      #expect {
        try job.run(output: folder.file("out"))
      } throws: { "\($0)".contains("loud") && "\($0)".contains("infinite") }
      #expect(!FileManager.default.fileExists(atPath: folder.file("out")))
    }

    @Test func fillsAreNotPhases() throws {
      var stack = MintPyStack()
      for fill in [Float(-9999), 1e20, -32768] {
        stack.changes["unwrapPhase"] = try stack.cube("unwrapPhase") { index in
          var plane = try stack.phase(index)
          if index == 2 { plane[11] = fill }
          return plane
        }
        stack.attributes["NO_DATA_VALUE"] = nil
        expect(
          message(stack),
          [
            "ifgramStack.h5", "'unwrapPhase'", "20200101_20200206", "row 1, column 3",
            "NO_DATA_VALUE",
          ])
        stack.attributes["NO_DATA_VALUE"] = "\(fill)"
        let (rate, _, planes) = try stack.inverted()
        #expect(largestDifference(rate, stack.rate) < 1e-4)
        #expect(planes["interferograms"]?[11] == 11)
      }
    }
  }
#endif
