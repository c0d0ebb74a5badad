require "active_record"

class Province < ActiveRecord::Base
  self.table_name = "province"
  has_many :cities
end

class City < ActiveRecord::Base
  self.table_name = "city"
  belongs_to :province
end

class Person < ActiveRecord::Base
  self.table_name = "person"
  belongs_to :hometown, class_name: "City", optional: true
  belongs_to :living, class_name: "City", optional: true
  has_and_belongs_to_many :visitation, class_name: "City", join_table: "person_visitation"
end
