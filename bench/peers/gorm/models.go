package main

// Strings, and pointers for what may be NULL, as GORM's documentation declares models.

type Province struct {
	ID      int64
	Name    string
	CitySet []*City
}

type City struct {
	ID         int64
	Name       string
	ProvinceID int64
	Province   *Province
}

type Person struct {
	ID         int64
	Firstname  string
	Lastname   string
	HometownID *int64
	Hometown   *City
	LivingID   *int64
	Living     *City
	Visitation []*City `gorm:"many2many:person_visitation"`
}

func (Province) TableName() string { return "province" }
func (City) TableName() string     { return "city" }
func (Person) TableName() string   { return "person" }
