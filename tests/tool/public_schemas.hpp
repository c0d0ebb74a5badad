#pragma once

#include "tool/run_kith.hpp"

/// The tables, keys and names of two databases that many tutorials use, with a few rows of our own: names in PascalCase
/// and with blanks, relations that are named like tables, keys of text and of several columns.
namespace travel {

inline const std::string chinook = R"(
    CREATE TABLE "Artist" ("ArtistId" INTEGER PRIMARY KEY, "Name" VARCHAR(120));
    CREATE TABLE "Album" ("AlbumId" INTEGER PRIMARY KEY, "Title" VARCHAR(160) NOT NULL, "ArtistId" INTEGER NOT NULL,
        FOREIGN KEY ("ArtistId") REFERENCES "Artist"("ArtistId"));
    CREATE TABLE "Genre" ("GenreId" INTEGER PRIMARY KEY, "Name" VARCHAR(120));
    CREATE TABLE "MediaType" ("MediaTypeId" INTEGER PRIMARY KEY, "Name" VARCHAR(120));
    CREATE TABLE "Track" ("TrackId" INTEGER PRIMARY KEY, "Name" VARCHAR(200) NOT NULL, "AlbumId" INTEGER,
        "MediaTypeId" INTEGER NOT NULL, "GenreId" INTEGER, "Composer" VARCHAR(220), "Milliseconds" INTEGER NOT NULL,
        "UnitPrice" NUMERIC(10, 2) NOT NULL, FOREIGN KEY ("AlbumId") REFERENCES "Album"("AlbumId"),
        FOREIGN KEY ("MediaTypeId") REFERENCES "MediaType"("MediaTypeId"),
        FOREIGN KEY ("GenreId") REFERENCES "Genre"("GenreId"));
    CREATE TABLE "Playlist" ("PlaylistId" INTEGER PRIMARY KEY, "Name" VARCHAR(120));
    CREATE TABLE "PlaylistTrack" ("PlaylistId" INTEGER NOT NULL, "TrackId" INTEGER NOT NULL,
        PRIMARY KEY ("PlaylistId", "TrackId"), FOREIGN KEY ("PlaylistId") REFERENCES "Playlist"("PlaylistId"),
        FOREIGN KEY ("TrackId") REFERENCES "Track"("TrackId"));
    CREATE TABLE "Employee" ("EmployeeId" INTEGER PRIMARY KEY, "LastName" VARCHAR(20) NOT NULL, "ReportsTo" INTEGER,
        "BirthDate" DATE, FOREIGN KEY ("ReportsTo") REFERENCES "Employee"("EmployeeId"));
    CREATE TABLE "Customer" ("CustomerId" INTEGER PRIMARY KEY, "Email" VARCHAR(60) NOT NULL, "SupportRepId" INTEGER,
        FOREIGN KEY ("SupportRepId") REFERENCES "Employee"("EmployeeId"));
    CREATE TABLE "Invoice" ("InvoiceId" INTEGER PRIMARY KEY, "CustomerId" INTEGER NOT NULL,
        "Total" NUMERIC(10, 2) NOT NULL, FOREIGN KEY ("CustomerId") REFERENCES "Customer"("CustomerId"));
    CREATE TABLE "InvoiceLine" ("InvoiceLineId" INTEGER PRIMARY KEY, "InvoiceId" INTEGER NOT NULL,
        "TrackId" INTEGER NOT NULL, "Quantity" INTEGER NOT NULL,
        FOREIGN KEY ("InvoiceId") REFERENCES "Invoice"("InvoiceId"), FOREIGN KEY ("TrackId") REFERENCES "Track"("TrackId"));
    INSERT INTO "Artist" VALUES (1, 'Cui Jian'), (2, 'Idoli'), (3, 'Nobody');
    INSERT INTO "Album" VALUES (1, 'Rock on the Long March', 1), (2, 'Odbrana i poslednji dani', 2);
    INSERT INTO "Genre" VALUES (1, 'Rock');
    INSERT INTO "MediaType" VALUES (1, 'Tape');
    INSERT INTO "Track" VALUES (1, 'Nothing to My Name', 1, 1, 1, 'Cui Jian', 330000, 0.99),
        (2, 'Greenhouse Girl', 1, 1, NULL, NULL, 280000, 0.99), (3, 'Kenozoik', 2, 1, 1, NULL, 210000, 1.29);
    INSERT INTO "Playlist" VALUES (1, 'Loud'), (2, 'Old'), (3, 'Empty');
    INSERT INTO "PlaylistTrack" VALUES (1, 1), (1, 2), (1, 3), (2, 1);
    INSERT INTO "Employee" VALUES (1, 'Adams', NULL, '1962-02-18'), (2, 'Edwards', 1, NULL);
    INSERT INTO "Customer" VALUES (1, 'a@example.org', 2);
    INSERT INTO "Invoice" VALUES (1, 1, 1.98);
    INSERT INTO "InvoiceLine" VALUES (1, 1, 1, 1), (2, 1, 3, 1);
)";

inline const std::string northwind = R"(
    CREATE TABLE "Categories" ("CategoryID" INTEGER PRIMARY KEY, "CategoryName" VARCHAR(15) NOT NULL);
    CREATE TABLE "Suppliers" ("SupplierID" INTEGER PRIMARY KEY, "CompanyName" VARCHAR(40) NOT NULL);
    CREATE TABLE "Products" ("ProductID" INTEGER PRIMARY KEY, "ProductName" VARCHAR(40) NOT NULL, "SupplierID" INTEGER,
        "CategoryID" INTEGER, "UnitPrice" NUMERIC(19, 4), "Discontinued" SMALLINT DEFAULT 0 NOT NULL,
        FOREIGN KEY ("SupplierID") REFERENCES "Suppliers"("SupplierID"),
        FOREIGN KEY ("CategoryID") REFERENCES "Categories"("CategoryID"));
    CREATE TABLE "Customers" ("CustomerID" CHAR(5) PRIMARY KEY, "CompanyName" VARCHAR(40) NOT NULL);
    CREATE TABLE "CustomerDemographics" ("CustomerTypeID" CHAR(10) PRIMARY KEY, "CustomerDesc" VARCHAR(200));
    CREATE TABLE "CustomerCustomerDemo" ("CustomerID" CHAR(5) NOT NULL, "CustomerTypeID" CHAR(10) NOT NULL,
        PRIMARY KEY ("CustomerID", "CustomerTypeID"), FOREIGN KEY ("CustomerID") REFERENCES "Customers"("CustomerID"),
        FOREIGN KEY ("CustomerTypeID") REFERENCES "CustomerDemographics"("CustomerTypeID"));
    CREATE TABLE "Employees" ("EmployeeID" INTEGER PRIMARY KEY, "LastName" VARCHAR(20) NOT NULL, "ReportsTo" INTEGER,
        FOREIGN KEY ("ReportsTo") REFERENCES "Employees"("EmployeeID"));
    CREATE TABLE "Region" ("RegionID" INTEGER PRIMARY KEY, "RegionDescription" CHAR(50) NOT NULL);
    CREATE TABLE "Territories" ("TerritoryID" VARCHAR(20) PRIMARY KEY, "TerritoryDescription" CHAR(50) NOT NULL,
        "RegionID" INTEGER NOT NULL, FOREIGN KEY ("RegionID") REFERENCES "Region"("RegionID"));
    CREATE TABLE "EmployeeTerritories" ("EmployeeID" INTEGER NOT NULL, "TerritoryID" VARCHAR(20) NOT NULL,
        PRIMARY KEY ("EmployeeID", "TerritoryID"), FOREIGN KEY ("EmployeeID") REFERENCES "Employees"("EmployeeID"),
        FOREIGN KEY ("TerritoryID") REFERENCES "Territories"("TerritoryID"));
    CREATE TABLE "Shippers" ("ShipperID" INTEGER PRIMARY KEY, "CompanyName" VARCHAR(40) NOT NULL);
    CREATE TABLE "Orders" ("OrderID" INTEGER PRIMARY KEY, "CustomerID" CHAR(5), "EmployeeID" INTEGER, "OrderDate" DATE,
        "ShipVia" INTEGER, FOREIGN KEY ("CustomerID") REFERENCES "Customers"("CustomerID"),
        FOREIGN KEY ("EmployeeID") REFERENCES "Employees"("EmployeeID"),
        FOREIGN KEY ("ShipVia") REFERENCES "Shippers"("ShipperID"));
    CREATE TABLE "Order Details" ("OrderID" INTEGER NOT NULL, "ProductID" INTEGER NOT NULL,
        "Quantity" SMALLINT DEFAULT 1 NOT NULL, "Discount" REAL DEFAULT 0 NOT NULL, PRIMARY KEY ("OrderID", "ProductID"),
        FOREIGN KEY ("OrderID") REFERENCES "Orders"("OrderID"), FOREIGN KEY ("ProductID") REFERENCES "Products"("ProductID"));
    CREATE VIEW "Products by Category" AS SELECT c."CategoryName", p."ProductName" FROM "Categories" c
        JOIN "Products" p ON p."CategoryID" = c."CategoryID";
    INSERT INTO "Categories" VALUES (1, 'Beverages'), (2, 'Condiments');
    INSERT INTO "Suppliers" VALUES (1, 'Tea & Sons');
    INSERT INTO "Products" VALUES (1, 'Tea', 1, 1, 18.0000, 0), (2, 'Syrup', NULL, 2, NULL, 1);
    INSERT INTO "Customers" VALUES ('ALFKI', 'Alfred'), ('BERGS', 'Berg');
    INSERT INTO "CustomerDemographics" VALUES ('big', NULL);
    INSERT INTO "CustomerCustomerDemo" VALUES ('BERGS', 'big');
    INSERT INTO "Employees" VALUES (1, 'Davolio', NULL), (2, 'Fuller', 1);
    INSERT INTO "Region" VALUES (1, 'East');
    INSERT INTO "Territories" VALUES ('01581', 'Westboro', 1);
    INSERT INTO "EmployeeTerritories" VALUES (1, '01581'), (2, '01581');
    INSERT INTO "Shippers" VALUES (1, 'Fast');
    INSERT INTO "Orders" VALUES (1, 'ALFKI', 1, '1996-07-04', 1), (2, 'BERGS', 1, NULL, NULL);
    INSERT INTO "Order Details" VALUES (1, 1, 12, 0.5), (1, 2, 1, 0), (2, 1, 3, 0);
)";

} // namespace travel
