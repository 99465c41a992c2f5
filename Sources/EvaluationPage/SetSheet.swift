import InSARPhase
import Patches
import Pictures
import Rasters

/// Maps of several sets on one sheet, as rates and as the wrapped phase that a satellite would
/// measure, as in the paper's Figs. 1, 2, 10 and 11.
package struct SetSheet {
  private let groups: [ContactSheet.Group]
  /// What all sets measure.
  package let quantity: Quantity

  /// - Parameter count: the number of maps of each set, evenly selected.
  package init(_ sets: [EvaluationSet], count: Int) {
    quantity = sets.first?.quantity ?? .rate
    groups = sets.map { set in
      let shown = min(count, set.count)
      return ContactSheet.Group(
        label: set.name,
        patches: (0..<shown).map { index in
          Raster(
            width: set.size, height: set.size, values: set.patches[index * set.count / shown],
            unit: set.quantity.unit)
        })
    }
  }

  /// All with one color scale, as in the paper: -15 to 15 cm/yr; other quantities with a scale that fits.
  package func rates(columns: Int, limitCMPerYear: Float = 15) throws -> PNGImage {
    guard quantity == .rate else {
      let values = groups.flatMap(\.patches).flatMap(\.values)
      return try ContactSheet.render(
        groups, columns: columns,
        title: quantity.words.prefix(1).uppercased()
          + quantity.words.dropFirst(), scale: ColorScale(quantity, values: values))
    }
    return try ContactSheet.render(
      groups, columns: columns, limit: limitCMPerYear, title: "Rate toward the satellite")
  }

  /// The phase of the motion in `days`, in [-pi, pi).
  package func wrapped(columns: Int, sensor: Sensor, days: Double) throws -> PNGImage {
    let phase = DeformationPhase(sensor)
    let wrapped = groups.map { group in
      ContactSheet.Group(
        label: group.label,
        patches: group.patches.map { patch in
          Raster(
            width: patch.width, height: patch.height,
            values: InSARPhase.wrapped(phase.radians(rateCMPerYear: patch.values, days: days)),
            unit: .radians)
        })
    }
    return try ContactSheet.render(
      wrapped, columns: columns, limit: .pi,
      title: "Wrapped phase, \(sensor.rawValue), \(Int(days)) days")
  }
}
