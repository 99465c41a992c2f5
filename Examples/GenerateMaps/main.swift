import RateMapGAN

let model = try RateMapModel(contentsOf: ShippedModel.locate())
let maps: [[Float]] = try model.maps(0..<8, seed: 1, size: MapSize(width: 64, height: 64))
for map in maps { print(map.min()!, "to", map.max()!, "cm/yr") }
